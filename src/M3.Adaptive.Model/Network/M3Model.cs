using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace M3.Adaptive.Model.Network;

/// <summary>Vision tower, projector and decoder in the LLaVA-1.5 layout; one implementation for every size.</summary>
public sealed class M3Model : Module
{
    /// <param name="config">Its shape.</param>
    /// <param name="device">Where the weights lie, at random values; null: in memory. On <c>META</c> they take no memory until each was <see cref="Put"/>.</param>
    public M3Model(ModelConfig config, Device? device = null) : base(nameof(M3Model))
    {
        Config = config;
        VisionTower = new VisionTower(config, device: device);
        Projector = new Projector(config, device);
        Language = new LanguageModel(config.Language, device);
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

    /// <summary>Replaces a weight by a tensor of the same shape, which becomes the model's.</summary>
    /// <param name="key">As in <see cref="Weights"/>.</param>
    /// <param name="weight">On no dispose scope's list.</param>
    public void Put(string key, Tensor weight)
    {
        var name = key.StartsWith("vision_tower.", StringComparison.Ordinal) || key.StartsWith("mm_projector.", StringComparison.Ordinal) ? key : $"language.{key}";
        var dot = name.LastIndexOf('.');
        var owner = named_modules().First(module => module.name == name[..dot]).module;
        Replacement.Put(owner, name[(dot + 1)..], new TorchSharp.Modules.Parameter(weight, requires_grad: false));
    }

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

    /// <summary>Parts that <see cref="Encode"/> may be cut into.</summary>
    public int EncodeSlices => VisionTower.Slices + 1;

    /// <summary>One part of <see cref="Encode"/>.</summary>
    /// <param name="slice">0 to <see cref="EncodeSlices"/> - 1.</param>
    /// <param name="x">Of slice 0 the pixels, of others what the one before left.</param>
    public Tensor EncodeSlice(int slice, Tensor x) => slice < VisionTower.Slices ? VisionTower.Run(slice, x) : Projector.call(x);

    // The model's own, whatever scope it is made in: TorchSharp leaves some weights, an embedding's among them, to the open scope.
    private void OwnWeights()
    {
        foreach (var parameter in parameters()) parameter.DetachFromDisposeScope();
    }
}
