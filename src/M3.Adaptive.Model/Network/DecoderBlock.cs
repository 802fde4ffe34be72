using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace M3.Adaptive.Model.Network;

/// <summary>What every block of one forward pass shares: rotary angles, mask, what came before.</summary>
internal sealed record DecoderPass((Tensor Cosine, Tensor Sine) Angles, Tensor? Mask, KvCache? Before);

/// <summary>One Llama block: rotary attention (grouped-query) and SwiGLU, both behind an RMS norm.</summary>
/// <remarks>Tensor keys as m3-reference E.2: <c>input_layernorm</c>, <c>self_attn.*_proj</c>, <c>post_attention_layernorm</c>, <c>mlp.*_proj</c>.</remarks>
internal sealed class DecoderBlock : Module<Tensor, DecoderPass, Tensor>
{
    private readonly RmsNorm input_layernorm, post_attention_layernorm;
    private readonly DecoderAttention self_attn;
    private readonly DecoderMlp mlp;

    public DecoderBlock(LanguageConfig config, int layer, Device? device) : base(nameof(DecoderBlock))
    {
        input_layernorm = new RmsNorm(config.HiddenSize, config.RmsNormEps, device);
        self_attn = new DecoderAttention(config, layer, device);
        post_attention_layernorm = new RmsNorm(config.HiddenSize, config.RmsNormEps, device);
        mlp = new DecoderMlp(config, device);
        RegisterComponents();
    }

    public DecoderLayer Weights
    {
        get
        {
            var (attention, gated) = (self_attn.Weights, mlp.Weights);
            return new DecoderLayer(
                input_layernorm.Weight, attention.Query, attention.Key, attention.Value, attention.Output,
                post_attention_layernorm.Weight, gated.Gate, gated.Up, gated.Down);
        }
    }

    public override Tensor forward(Tensor x, DecoderPass pass)                    // [B, T, C]
    {
        x = x.Plus(self_attn.call(input_layernorm.call(x), pass));
        return x.Plus(mlp.call(post_attention_layernorm.call(x)));
    }
}

internal sealed class DecoderAttention : Module<Tensor, DecoderPass, Tensor>
{
    private readonly Linear q_proj, k_proj, v_proj, o_proj;
    private readonly LanguageConfig _config;
    private readonly int _layer;

    public DecoderAttention(LanguageConfig config, int layer, Device? device) : base(nameof(DecoderAttention))
    {
        (_config, _layer) = (config, layer);
        var (queryWidth, keyWidth) = (config.HeadCount * config.HeadSize, config.KeyValueHeadCount * config.HeadSize);
        q_proj = Linear(config.HiddenSize, queryWidth, false, device);
        k_proj = Linear(config.HiddenSize, keyWidth, false, device);
        v_proj = Linear(config.HiddenSize, keyWidth, false, device);
        o_proj = Linear(queryWidth, config.HiddenSize, false, device);
        RegisterComponents();
    }

    public (Tensor Query, Tensor Key, Tensor Value, Tensor Output) Weights => (q_proj.weight!, k_proj.weight!, v_proj.weight!, o_proj.weight!);

    public override Tensor forward(Tensor x, DecoderPass pass)                    // [B, T, C]
    {
        using var scope = NewDisposeScope();
        var (B, T) = (x.shape[0], x.shape[1]);
        var queries = Rotary.Rotate(Split(q_proj.Apply(x), _config.HeadCount), pass.Angles);
        var keys = Rotary.Rotate(Split(k_proj.Apply(x), _config.KeyValueHeadCount), pass.Angles);
        var values = Split(v_proj.Apply(x), _config.KeyValueHeadCount);
        if (pass.Before is not null) (keys, values) = pass.Before.Append(_layer, keys, values);

        var mixed = Attention.Mix(queries, Repeat(keys), Repeat(values), pass.Mask);   // [B, H, T, D]
        return o_proj.Apply(mixed.transpose(1, 2).reshape(B, T, -1)).MoveToOuterDisposeScope();
    }

    private Tensor Split(Tensor x, int heads) => x.reshape(x.shape[0], x.shape[1], heads, _config.HeadSize).transpose(1, 2);

    // Key-value head j serves the query heads j*g .. j*g + g - 1.
    private Tensor Repeat(Tensor x)                                               // [B, Hkv, S, D]
    {
        var groups = _config.HeadCount / _config.KeyValueHeadCount;
        if (groups == 1) return x;
        var (B, H, S, D) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3]);
        return x.unsqueeze(2).expand(B, H, groups, S, D).reshape(B, H * groups, S, D);
    }
}

internal sealed class DecoderMlp : Module<Tensor, Tensor>
{
    private readonly Linear gate_proj, up_proj, down_proj;

    public DecoderMlp(LanguageConfig config, Device? device) : base(nameof(DecoderMlp))
    {
        gate_proj = Linear(config.HiddenSize, config.IntermediateSize, false, device);
        up_proj = Linear(config.HiddenSize, config.IntermediateSize, false, device);
        down_proj = Linear(config.IntermediateSize, config.HiddenSize, false, device);
        RegisterComponents();
    }

    public (Tensor Gate, Tensor Up, Tensor Down) Weights => (gate_proj.weight!, up_proj.weight!, down_proj.weight!);

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return down_proj.Apply(gate_proj.Apply(x).silu() * up_proj.Apply(x)).MoveToOuterDisposeScope();
    }
}
