using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace M3.Adaptive.Model.Network;

/// <summary>
/// CLIP's vision transformer up to the configured layer (LLaVA-1.5 takes the state after block 23 of 24, without the final
/// norm and without the class token); m3-nano's tower is the same class with a stem, no class token, the final norm and
/// positions added to its features.
/// </summary>
/// <remarks>Tensor keys below <c>vision_tower</c>: <c>embeddings.*</c>, <c>pre_layrnorm</c>, <c>encoder.layers.N.*</c>, <c>post_layernorm</c>.</remarks>
public sealed class VisionTower : Module<Tensor, Tensor>
{
    private readonly PatchEmbeddings _embeddings;
    private readonly LayerNorm? _preNorm;
    private readonly VisionEncoder _encoder;
    private readonly LayerNorm? _finalNorm;
    private readonly VisionConfig _config;
    private readonly float[]? _positions;        // [N, C]

    /// <param name="config">The configuration; only the blocks up to the selected feature layer are built.</param>
    /// <param name="batchNorm">Whether a convolutional stem trains with batch normalisation.</param>
    /// <param name="device">Where the weights lie; null: in memory.</param>
    public VisionTower(ModelConfig config, bool batchNorm = false, Device? device = null) : base(nameof(VisionTower))
    {
        _config = config.Vision;
        _embeddings = new PatchEmbeddings(_config, batchNorm, device);
        register_module("embeddings", _embeddings);
        if (_config.HasClassToken)
        {
            _preNorm = LayerNorm(_config.HiddenSize, _config.LayerNormEps, device: device);
            register_module("pre_layrnorm", _preNorm);
        }

        _encoder = new VisionEncoder(_config, config.VisionBlocksUsed, device);
        register_module("encoder", _encoder);

        if (_config.FinalLayerNorm)
        {
            _finalNorm = LayerNorm(_config.HiddenSize, _config.LayerNormEps, device: device);
            register_module("post_layernorm", _finalNorm);
        }

        if (_config.FeaturePositions) _positions = GridPositions.Waves(_config.Grid, _config.HiddenSize);
    }

    /// <summary>The stem, when the configuration has one.</summary>
    public ConvolutionalStem? Stem => _embeddings.Stem;

    /// <summary>The learned absolute positions, [N, C] ([N + 1, C] with a class token).</summary>
    public Tensor Positions => _embeddings.Positions;

    /// <summary>Copies this tower's weights into one without batch normalisation that computes what this one does in evaluation mode.</summary>
    public void FoldBatchNorm(VisionTower into)
    {
        using (no_grad())
        {
            var targets = into.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter);
            foreach (var (name, parameter) in named_parameters())
            {
                if (!name.StartsWith("embeddings.stem.", StringComparison.Ordinal)) targets[name].copy_(parameter);
            }
        }

        if (Stem is not null && into.Stem is not null) Stem.FoldBatchNorm(into.Stem);
    }

    /// <summary>Parts that a pass may be cut into: embedding, each block, the end.</summary>
    public int Slices => _encoder.Blocks.Count + 2;

    /// <param name="pixels">Normalised pixels, [B, 3, S, S].</param>
    /// <returns>Patch features of the selected layer, row-major, [B, N, C].</returns>
    public override Tensor forward(Tensor pixels)
    {
        var x = pixels;
        for (var slice = 0; slice < Slices; slice++) x = Run(slice, x);
        return x;
    }

    /// <summary>One part of a pass.</summary>
    /// <param name="slice">0 to <see cref="Slices"/> - 1.</param>
    /// <param name="x">Of slice 0 the pixels, of others what the one before left.</param>
    public Tensor Run(int slice, Tensor x)
    {
        if (slice == 0) return Embed(x);
        if (slice <= _encoder.Blocks.Count) return Run(_encoder.Blocks[slice - 1], x);   // [B, N (+ 1), C]
        if (_finalNorm is not null) x = _finalNorm.Apply(x, _config.LayerNormEps);
        if (_config.HasClassToken) x = x.narrow(1, 1, x.shape[1] - 1);            // [B, N, C]
        return _positions is null ? x : x.Plus(tensor(_positions).reshape(_config.PatchCount, _config.HiddenSize).to(x.device).to(x.dtype));
    }

    /// <summary>The state before block 0 and after each block that runs, class token first where there is one: [B, N (+ 1), C] each.</summary>
    public IReadOnlyList<Tensor> HiddenStates(Tensor pixels)
    {
        List<Tensor> states = [Embed(pixels)];
        foreach (var block in _encoder.Blocks) states.Add(Run(block, states[^1]));
        return states;
    }

    private Tensor Embed(Tensor pixels)
    {
        Shape.Expect(pixels.shape, [-1, _config.Channels, _config.ImageSize, _config.ImageSize]);
        var x = _embeddings.call(pixels);
        return _preNorm is null ? x : _preNorm.Apply(x, _config.LayerNormEps);
    }

    private static Tensor Run(VisionBlock block, Tensor x)
    {
        using var scope = NewDisposeScope();                                      // what a block held is let go before the next one begins
        return block.call(x).MoveToOuterDisposeScope();
    }
}
