using static TorchSharp.torch;

namespace M3.Adaptive.Benchmarks.Model;

/// <summary>What this machine can do at best: the yardstick of the model's rates, measured in the same run.</summary>
internal sealed class MachineRates : IDisposable
{
    private static readonly int[] Sides = [1024, 2048, 3072];
    private const long OutOfCacheBytes = 3L << 27;                                // 384 MiB, well above the last-level cache of one socket

    private readonly Tensor[] _squares = [.. Sides.Select(static side => randn(side, side))];
    private readonly Tensor _rounded = randn(Sides[^1], Sides[^1]).to(ScalarType.BFloat16);
    private readonly Tensor _large = randn(OutOfCacheBytes / sizeof(float));
    private readonly int[] _ones = Enumerable.Repeat(1, (int)(OutOfCacheBytes / sizeof(int))).ToArray();

    /// <summary>Best so far, in GFLOP/s.</summary>
    public double GemmGflops { get; private set; }

    /// <summary>Best so far of a square bfloat16 product, in GFLOP/s; measured once where it is slow.</summary>
    public double Bf16Gflops { get; private set; }

    /// <summary>Best so far of a sum by libtorch and of a search that finds nothing by the runtime's vectors, which some machines do faster; in GB/s.</summary>
    public double BandwidthGBs { get; private set; }

    /// <summary>Measures everything once more and keeps the best.</summary>
    public void Measure()
    {
        foreach (var square in _squares) GemmGflops = Math.Max(GemmGflops, Rate(square));
        if (Bf16Gflops == 0 || Bf16Gflops > GemmGflops) Bf16Gflops = Math.Max(Bf16Gflops, Rate(_rounded));

        BandwidthGBs = Math.Max(BandwidthGBs, OutOfCacheBytes / Math.Min(Clock.Seconds(() => _large.sum().Dispose()), Clock.Seconds(Search)) / 1e9);
    }

    public void Dispose()
    {
        foreach (var square in _squares) square.Dispose();
        _rounded.Dispose();
        _large.Dispose();
    }

    // Read in blocks by all processors.
    private void Search()
    {
        const int block = 1 << 18;
        Parallel.For(0, _ones.Length / block, at =>
        {
            if (_ones.AsSpan(at * block, block).ContainsAnyExcept(1)) throw new InvalidOperationException("The numbers that were written are not those that are read.");
        });
    }

    private static double Rate(Tensor square)
    {
        var n = (double)square.shape[0];
        return 2 * n * n * n / Clock.Seconds(() => square.mm(square).Dispose()) / 1e9;
    }
}
