using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace M3.Adaptive.Model.Network;

/// <summary>Vision tower, projector and decoder in the LLaVA-1.5 layout; one implementation for every size.</summary>
public sealed class M3Model : Module
{
    public M3Model(ModelConfig config) : base(nameof(M3Model))
    {
        Config = config;
        VisionTower = new VisionTower(config);
        Projector = new Projector(config);
        Language = new LanguageModel(config.Language);
        register_module("vision_tower", VisionTower);
        register_module("mm_projector", Projector);
        register_module("language", Language);

        OwnWeights();
    }

    public ModelConfig Config { get; }

    public VisionTower VisionTower { get; }

    public Projector Projector { get; }

    public LanguageModel Language { get; }

    /// <summary>Every parameter under the checkpoint's canonical key: the decoder's keys carry no prefix.</summary>
    public IEnumerable<(string Key, TorchSharp.Modules.Parameter Parameter)> Weights() =>
        named_parameters().Select(pair => (pair.name.StartsWith("language.", StringComparison.Ordinal) ? pair.name["language.".Length..] : pair.name, pair.parameter));

    /// <summary>Converts every weight.</summary>
    public void KeepIn(ScalarType type)
    {
        this.to(type);
        OwnWeights();
    }

    /// <summary>Pixels to the finest visual tokens: encoded once, pooled to any scale afterwards.</summary>
    /// <param name="pixels">[B, 3, S, S]</param>
    /// <returns>[B, 576, C]</returns>
    public Tensor Encode(Tensor pixels) => Projector.call(VisionTower.call(pixels));

    // The model's own, whatever scope it is made in: TorchSharp leaves some weights, an embedding's among them, to the open scope.
    private void OwnWeights()
    {
        foreach (var parameter in parameters()) parameter.DetachFromDisposeScope();
    }
}
