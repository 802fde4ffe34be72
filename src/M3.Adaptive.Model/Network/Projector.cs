using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace M3.Adaptive.Model.Network;

/// <summary>LLaVA-1.5's <c>mlp2x_gelu</c>: vision features to the language model's width, exact (erf) GELU between two linears.</summary>
/// <remarks>Tensor keys: <c>mm_projector.0.*</c>, <c>mm_projector.2.*</c>.</remarks>
public sealed class Projector : Module<Tensor, Tensor>
{
    private readonly Linear _first, _second;

    public Projector(ModelConfig config, Device? device = null) : base(nameof(Projector))
    {
        _first = Linear(config.Vision.HiddenSize, config.ProjectorHiddenSize, device: device);
        _second = Linear(config.ProjectorHiddenSize, config.Language.HiddenSize, device: device);
        register_module("0", _first);
        register_module("2", _second);
    }

    /// <returns>[..., C] from [..., Cv]</returns>
    public override Tensor forward(Tensor features) => _second.Apply(functional.gelu(_first.Apply(features)));
}
