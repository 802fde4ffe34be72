using M3.Adaptive.Model.Checkpoint;
using M3.Adaptive.Model.Network;

namespace M3.Adaptive.Model.Tests.Checkpoint;

/// <summary>Memory for every parameter of a model, to load into.</summary>
internal sealed class ExpectedParameters
{
    private readonly TensorType _type;

    public ExpectedParameters(ModelConfig config, TensorType type = TensorType.Float32)
    {
        _type = type;
        All = ModelTensors.Of(config).ToDictionary(tensor => tensor.Name, tensor => (tensor.Shape, new byte[Elements(tensor.Shape) * type.Size()]));
    }

    public IReadOnlyDictionary<string, (long[] Shape, byte[] Bytes)> All { get; }

    public IEnumerable<ParameterSlot> Slots =>
        All.Select(parameter => new ParameterSlot(parameter.Key, parameter.Value.Shape, _type, () => parameter.Value.Bytes));

    private static long Elements(long[] shape) => shape.Aggregate(1L, (product, extent) => product * extent);
}
