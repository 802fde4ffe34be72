namespace M3.Adaptive.Inference.Sampling;

/// <summary>
/// Steele, Lea and Flood's SplitMix64 (2014): a fixed algorithm, so that a seed gives the same answer on every runtime version,
/// which <see cref="Random"/> does not promise.
/// </summary>
internal sealed class SplitMix64(long seed)
{
    private ulong _state = (ulong)seed;

    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));
}
