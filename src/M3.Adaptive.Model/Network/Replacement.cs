using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace M3.Adaptive.Model.Network;

/// <summary>A module of ours that keeps parameters itself, not in layers of the library.</summary>
internal interface IKeepsParameters
{
    /// <param name="name">Of one of its parameters.</param>
    /// <param name="parameter">Of the same shape.</param>
    void Put(string name, Parameter parameter);
}

/// <summary>Puts a parameter in another's place; the one before is disposed of.</summary>
internal static class Replacement
{
    /// <exception cref="ArgumentException">The module has no such parameter.</exception>
    public static void Put(Module module, string name, Parameter parameter)
    {
        switch (module, name)
        {
            case (Linear layer, "weight"): layer.weight = parameter; break;
            case (Linear layer, "bias"): layer.bias = parameter; break;
            case (LayerNorm layer, "weight"): layer.weight = parameter; break;
            case (LayerNorm layer, "bias"): layer.bias = parameter; break;
            case (Conv2d layer, "weight"): layer.weight = parameter; break;
            case (Conv2d layer, "bias"): layer.bias = parameter; break;
            case (Embedding layer, "weight"): layer.weight = parameter; break;
            case (IKeepsParameters keeper, _): keeper.Put(name, parameter); break;
            default: throw new ArgumentException($"{module.GetName()} has no parameter '{name}'.", nameof(name));
        }
    }
}
