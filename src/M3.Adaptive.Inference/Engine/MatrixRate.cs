using static TorchSharp.torch;

namespace M3.Adaptive.Inference;

/// <summary>How fast this process multiplies matrices: tells at the start whether an optimised BLAS answers.</summary>
internal static class MatrixRate
{
    /// <summary>Below this a plain reference BLAS answers (3 to 5 GFLOP/s); optimised ones give 30 or more on one core.</summary>
    public const double SlowGflops = 20;

    private const int Side = 512;
    private const int Tries = 4;                                                  // the first also starts the threads

    /// <summary>Best rate of a few square f32 products, in GFLOP/s.</summary>
    public static double Measure(TimeProvider time)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var left = ones(Side, Side);
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < Tries; i++)
        {
            var start = time.GetTimestamp();
            using var product = left.mm(left);
            var taken = time.GetElapsedTime(start);
            if (taken < best) best = taken;
        }

        return 2.0 * Side * Side * Side / best.TotalSeconds / 1e9;
    }
}
