using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace M3.Adaptive.Model.Network;

/// <summary>Root-mean-square norm in float32: w * x / sqrt(mean(x^2) + eps).</summary>
internal sealed class RmsNorm : Module<Tensor, Tensor>, IKeepsParameters
{
    private TorchSharp.Modules.Parameter weight;
    private readonly Scalar _eps;

    public RmsNorm(int size, double eps, Device? device) : base(nameof(RmsNorm))
    {
        _eps = eps;
        weight = new TorchSharp.Modules.Parameter(ones(size, device: device));
        RegisterComponents();
    }

    public Tensor Weight => weight;

    public void Put(string name, TorchSharp.Modules.Parameter parameter)
    {
        weight.Dispose();
        weight = parameter;
        ConditionallyRegisterParameter(name, parameter);
    }

    public override Tensor forward(Tensor x)                                      // [..., C]
    {
        using var scope = NewDisposeScope();
        var wide = x.to(ScalarType.Float32);
        var normed = wide * (wide * wide).mean([-1], true).add(_eps).rsqrt();
        return (normed.to(x.dtype) * weight.to(x.dtype)).MoveToOuterDisposeScope();
    }
}
