using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace M3.Adaptive.Model.Network;

/// <summary>Pixels to patch embeddings with learned absolute positions: CLIP's one convolution, or m3-nano's stem.</summary>
/// <remarks>Tensor keys: <c>class_embedding</c>, <c>patch_embedding.weight</c> or <c>stem.*</c>, <c>position_embedding.weight</c>.</remarks>
internal sealed class PatchEmbeddings : Module<Tensor, Tensor>, IKeepsParameters
{
    private readonly Conv2d? _patches;
    private TorchSharp.Modules.Parameter? class_embedding;
    private readonly Embedding _positions;
    private readonly int _patchSize;

    public PatchEmbeddings(VisionConfig config, bool batchNorm, Device? device) : base(nameof(PatchEmbeddings))
    {
        _patchSize = config.PatchSize;
        if (config.HasClassToken)
        {
            class_embedding = new TorchSharp.Modules.Parameter(randn(config.HiddenSize, device: device));
            register_parameter("class_embedding", class_embedding);
        }

        if (config.PatchEmbedding == PatchEmbedding.Linear)
        {
            _patches = Conv2d(config.Channels, config.HiddenSize, config.PatchSize, config.PatchSize, 0, 1, PaddingModes.Zeros, 1, false, device);
            register_module("patch_embedding", _patches);
        }
        else
        {
            Stem = new ConvolutionalStem(config, batchNorm, device);
            register_module("stem", Stem);
        }

        var patches = config.Grid * config.Grid;
        _positions = Embedding(config.HasClassToken ? patches + 1 : patches, config.HiddenSize, device: device);
        register_module("position_embedding", _positions);
    }

    public ConvolutionalStem? Stem { get; }

    /// <summary>The learned positions, [N, C], or [N + 1, C] with the class token first.</summary>
    public Tensor Positions => _positions.weight!;

    public void Put(string name, TorchSharp.Modules.Parameter parameter)
    {
        class_embedding?.Dispose();
        class_embedding = parameter;
        ConditionallyRegisterParameter(name, parameter);
    }

    public override Tensor forward(Tensor pixels)                                 // [B, 3, S, S]
    {
        var grid = Stem is null ? _patches!.Apply(pixels, _patchSize, 0) : Stem.call(pixels);     // [B, C, g, g]; one of the two was built
        var x = grid.flatten(2).transpose(1, 2);                                  // [B, N, C]
        if (class_embedding is not null)
        {
            x = cat([class_embedding.to(x.dtype).reshape(1, 1, -1).expand(x.shape[0], 1, -1), x], 1);  // [B, N + 1, C]
        }

        return x.Plus(_positions.weight!.to(x.dtype));
    }
}
