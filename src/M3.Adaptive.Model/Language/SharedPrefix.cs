using static TorchSharp.torch;

namespace M3.Adaptive.Model;

/// <summary>
/// Keys and values of a prefix that all sequences of a batch begin with: computed once, seen by each, and differentiable,
/// which <see cref="KvCache"/> with its slots is not. The first pass is the prefix, [1, P, C]; the second is the rest, [B, T, C].
/// </summary>
/// <param name="layers">Blocks of the decoder.</param>
public sealed class SharedPrefix(int layers) : IKeyValues
{
    private readonly (Tensor Keys, Tensor Values)?[] _held = new (Tensor, Tensor)?[layers];

    public int Length { get; private set; }

    public (Tensor Keys, Tensor Values) Append(int layer, Tensor keys, Tensor values)
    {
        if (_held[layer] is not { } prefix)
        {
            _held[layer] = (keys.MoveToOuterDisposeScope(), values.MoveToOuterDisposeScope());
            return (keys, values);
        }

        var B = keys.shape[0];
        return (cat([prefix.Keys.expand(B, -1, -1, -1), keys], 2), cat([prefix.Values.expand(B, -1, -1, -1), values], 2));
    }

    public void Advance(long positions)
    {
        if (Length == 0) Length = (int)positions;
    }
}
