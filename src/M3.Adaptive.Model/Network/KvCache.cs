using static TorchSharp.torch;

namespace M3.Adaptive.Model.Network;

/// <summary>Keys and values of one batch of sequences, per layer, in slots allocated once. Owned by the thread that owns the model.</summary>
public sealed class KvCache : IDisposable
{
    /// <param name="config">Shapes.</param>
    /// <param name="capacity">S, positions that fit.</param>
    /// <param name="dtype">Type of keys and values: the model's.</param>
    /// <param name="batch">B, sequences.</param>
    public KvCache(LanguageConfig config, int capacity, ScalarType dtype = ScalarType.Float32, int batch = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        Capacity = capacity;
        Slots = empty([config.LayerCount, 2, batch, config.KeyValueHeadCount, capacity, config.HeadSize], dtype).DetachFromDisposeScope();
    }

    /// <summary>Positions that fit.</summary>
    public int Capacity { get; }

    /// <summary>The memory itself, [L, 2, B, Hkv, S, D]: keys, then values, of each layer. Stays the cache's.</summary>
    public Tensor Slots { get; }

    /// <summary>Positions held.</summary>
    public int Length { get; private set; }

    /// <summary>A cache of its own that begins with a copy of what is held here.</summary>
    /// <param name="config">Shapes.</param>
    /// <param name="capacity">S, positions that fit.</param>
    /// <param name="positions">That are copied, the first ones; null: all.</param>
    public KvCache Fork(LanguageConfig config, int capacity, int? positions = null)
    {
        var copied = positions ?? Length;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(copied, Length, nameof(positions));
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, copied);
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var fork = new KvCache(config, capacity, Slots.dtype, (int)Slots.shape[2]) { Length = copied };
        if (copied > 0) fork.Slots.narrow(4, 0, copied).copy_(Slots.narrow(4, 0, copied));
        return fork;
    }

    /// <summary>Takes T new positions behind those held and returns all of them; <see cref="Advance"/> counts them once every layer has.</summary>
    /// <param name="layer">0 for the first block.</param>
    /// <param name="keys">[B, Hkv, T, D]</param>
    /// <param name="values">[B, Hkv, T, D]</param>
    /// <returns>[B, Hkv, Length + T, D] each</returns>
    public (Tensor Keys, Tensor Values) Append(int layer, Tensor keys, Tensor values)   // [B, Hkv, T, D]
    {
        var T = keys.shape[2];
        if (Length + T > Capacity) throw new InvalidOperationException($"The cache has {Capacity} slots, {Length} in use: {T} more do not fit.");
        return (Append(layer, 0, keys), Append(layer, 1, values));
    }

    private Tensor Append(int layer, int which, Tensor added)                     // [B, Hkv, T, D]
    {
        using var scope = NewDisposeScope();
        var part = Slots.select(0, layer).select(0, which);                       // [B, Hkv, S, D]
        part.narrow(2, Length, added.shape[2]).copy_(added);
        return part.narrow(2, 0, Length + added.shape[2]).MoveToOuterDisposeScope();
    }

    /// <summary>Counts the positions of a pass that has gone through every layer.</summary>
    public void Advance(long positions) => Length += (int)positions;

    public void Dispose() => Slots.Dispose();
}
