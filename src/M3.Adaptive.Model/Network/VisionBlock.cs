using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace M3.Adaptive.Model.Network;

/// <summary>The tower's blocks, under the key <c>encoder.layers</c>.</summary>
internal sealed class VisionEncoder : Module
{
    public VisionEncoder(VisionConfig config, int blocks, Device? device) : base(nameof(VisionEncoder))
    {
        Blocks = ModuleList(Enumerable.Range(0, blocks).Select(_ => new VisionBlock(config, device)).ToArray());
        register_module("layers", Blocks);
    }

    public ModuleList<VisionBlock> Blocks { get; }
}

/// <summary>One pre-norm transformer block of the vision tower (CLIP's), full attention.</summary>
internal sealed class VisionBlock : Module<Tensor, Tensor>
{
    private readonly LayerNorm layer_norm1, layer_norm2;
    private readonly VisionAttention self_attn;
    private readonly VisionMlp mlp;
    private readonly double _eps;

    public VisionBlock(VisionConfig config, Device? device) : base(nameof(VisionBlock))
    {
        _eps = config.LayerNormEps;
        layer_norm1 = LayerNorm(config.HiddenSize, config.LayerNormEps, device: device);
        self_attn = new VisionAttention(config, device);
        layer_norm2 = LayerNorm(config.HiddenSize, config.LayerNormEps, device: device);
        mlp = new VisionMlp(config, device);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)                                      // [B, N, C]
    {
        x = x.Plus(self_attn.call(layer_norm1.Apply(x, _eps)));
        return x.Plus(mlp.call(layer_norm2.Apply(x, _eps)));
    }
}

internal sealed class VisionAttention : Module<Tensor, Tensor>
{
    private readonly Linear q_proj, k_proj, v_proj, out_proj;
    private readonly int _heads;

    public VisionAttention(VisionConfig config, Device? device) : base(nameof(VisionAttention))
    {
        var C = config.HiddenSize;
        _heads = config.HeadCount;
        q_proj = Linear(C, C, device: device);
        k_proj = Linear(C, C, device: device);
        v_proj = Linear(C, C, device: device);
        out_proj = Linear(C, C, device: device);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)                                      // [B, N, C]
    {
        using var scope = NewDisposeScope();
        var mixed = Attention.Mix(Split(q_proj.Apply(x)), Split(k_proj.Apply(x)), Split(v_proj.Apply(x)), null);
        return out_proj.Apply(mixed.transpose(1, 2).reshape(x.shape)).MoveToOuterDisposeScope();   // [B, N, C]
    }

    private Tensor Split(Tensor x) => x.reshape(x.shape[0], x.shape[1], _heads, -1).transpose(1, 2);   // [B, H, N, D]
}

internal sealed class VisionMlp : Module<Tensor, Tensor>
{
    private static readonly Scalar QuickGelu = 1.702;
    private readonly Linear fc1, fc2;
    private readonly string _activation;

    public VisionMlp(VisionConfig config, Device? device) : base(nameof(VisionMlp))
    {
        _activation = config.HiddenAct;
        fc1 = Linear(config.HiddenSize, config.IntermediateSize, device: device);
        fc2 = Linear(config.IntermediateSize, config.HiddenSize, device: device);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var hidden = fc1.Apply(x);                                                 // [B, N, FFN]
        return fc2.Apply(_activation == "quick_gelu" ? hidden * hidden.mul(QuickGelu).sigmoid() : functional.gelu(hidden)).MoveToOuterDisposeScope();
    }
}
