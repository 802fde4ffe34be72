using M3.Adaptive.Inference.Kernels;
using M3.Adaptive.Model.Network;

namespace M3.Adaptive.Inference.Arithmetic;

/// <summary>Keys and values of one sequence. Made, used and freed on the thread that owns the model.</summary>
internal sealed class SequenceState(KvCache cache, long bytes) : IDisposable
{
    private nint _address;

    /// <summary>Positions held.</summary>
    public int Length => Cache.Length;

    /// <summary>Positions that fit.</summary>
    public int Capacity => Cache.Capacity;

    /// <summary>Memory that it takes, as <see cref="IArithmetic.KvBytes"/> told beforehand.</summary>
    public long Bytes { get; } = bytes;

    /// <summary>For arithmetic alone.</summary>
    internal KvCache Cache { get; } = cache;

    /// <summary>Where its keys and values begin, [layers][K, V][key-value heads][Capacity][D]; for kernels alone.</summary>
    internal nint Address => _address != 0 ? _address : _address = KernelWeights.Address(Cache.Slots);

    /// <exception cref="InvalidOperationException">So many positions more do not fit.</exception>
    public void RequireRoom(int positions)
    {
        if (Length + positions > Capacity)
            throw new InvalidOperationException($"The sequence has {Capacity} slots, {Length} in use: {positions} more do not fit.");
    }

    public void Dispose() => Cache.Dispose();
}
