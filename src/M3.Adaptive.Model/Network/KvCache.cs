using static TorchSharp.torch;

namespace M3.Adaptive.Model.Network;

/// <summary>Keys and values of one batch of sequences, per layer, in slots allocated once. Owned by the thread that owns the model.</summary>
public sealed class KvCache : IDisposable
{
    private readonly Tensor _slots;                                               // [L, 2, B, Hkv, S, D]: one piece of memory, given back as a whole
    private readonly Tensor[] _keys, _values;                                     // [B, Hkv, S, D] each, parts of it

    /// <param name="config">Shapes.</param>
    /// <param name="capacity">S, positions that fit.</param>
    /// <param name="dtype">Type of keys and values: the model's.</param>
    /// <param name="batch">B, sequences.</param>
    public KvCache(LanguageConfig config, int capacity, ScalarType dtype = ScalarType.Float32, int batch = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        Capacity = capacity;
        using var scope = NewDisposeScope();                                      // of what taking a part of a part leaves
        _slots = empty([config.LayerCount, 2, batch, config.KeyValueHeadCount, capacity, config.HeadSize], dtype).DetachFromDisposeScope();
        _keys = Parts(0);
        _values = Parts(1);

        Tensor[] Parts(int which) => [.. Enumerable.Range(0, config.LayerCount).Select(layer => _slots[layer, which].DetachFromDisposeScope())];
    }

    /// <summary>Positions that fit.</summary>
    public int Capacity { get; }

    /// <summary>The memory itself, [L, 2, B, Hkv, S, D]: keys, then values, of each layer. Stays the cache's.</summary>
    public Tensor Slots => _slots;

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
        var fork = new KvCache(config, capacity, _keys[0].dtype, (int)_keys[0].shape[0]) { Length = copied };
        for (var layer = 0; layer < _keys.Length && copied > 0; layer++)
        {
            fork._keys[layer].narrow(2, 0, copied).copy_(_keys[layer].narrow(2, 0, copied));
            fork._values[layer].narrow(2, 0, copied).copy_(_values[layer].narrow(2, 0, copied));
        }

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
        _keys[layer].narrow(2, Length, T).copy_(keys);
        _values[layer].narrow(2, Length, T).copy_(values);
        return (_keys[layer].narrow(2, 0, Length + T), _values[layer].narrow(2, 0, Length + T));
    }

    /// <summary>Counts the positions of a pass that has gone through every layer.</summary>
    public void Advance(long positions) => Length += (int)positions;

    public void Dispose()
    {
        foreach (var part in _keys.Concat(_values)) part.Dispose();
        _slots.Dispose();
    }
}
