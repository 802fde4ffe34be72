using static TorchSharp.torch;

namespace M3.Adaptive.Benchmarks.Model;

/// <summary>What this machine's library can do at best: the yardstick of the model's rates, measured in the same run.</summary>
internal sealed class MachineRates : IDisposable
{
    private static readonly int[] Sides = [1024, 2048, 3072];
    private const long OutOfCacheBytes = 3L << 27;                                // 384 MiB, well above the last-level cache of one socket

    private readonly Tensor[] _squares = [.. Sides.Select(static side => randn(side, side))];
    private readonly Tensor _large = randn(OutOfCacheBytes / sizeof(float));

    /// <summary>Best so far, in GFLOP/s.</summary>
    public double GemmGflops { get; private set; }

    /// <summary>Best so far, in GB/s.</summary>
    public double BandwidthGBs { get; private set; }

    /// <summary>Measures everything once more and keeps the best.</summary>
    public void Measure()
    {
        foreach (var square in _squares)
        {
            var n = (double)square.shape[0];
            GemmGflops = Math.Max(GemmGflops, 2 * n * n * n / Clock.Seconds(() => square.mm(square).Dispose()) / 1e9);
        }

        BandwidthGBs = Math.Max(BandwidthGBs, OutOfCacheBytes / Clock.Seconds(() => _large.sum().Dispose()) / 1e9);
    }

    public void Dispose()
    {
        foreach (var square in _squares) square.Dispose();
        _large.Dispose();
    }
}
