using Microsoft.Extensions.Logging;

namespace M3.Adaptive.Inference;

/// <summary>Event ids 100 to 199.</summary>
internal static partial class InferenceLog
{
    [LoggerMessage(EventId = 101, Level = LogLevel.Information,
        Message = "Model {Version} is ready on {Threads} threads; f32 matrix products reach {GemmGflops:F0} GFLOP/s")]
    public static partial void Ready(ILogger logger, string version, int threads, double gemmGflops);

    [LoggerMessage(EventId = 102, Level = LogLevel.Warning,
        Message = "Matrix products reach only {GemmGflops:F1} GFLOP/s, so answers will be ten times slower than this machine can give: "
            + "is an optimised BLAS installed (Debian: apt-get install libopenblas0-pthread)?")]
    public static partial void SlowMatrixProducts(ILogger logger, double gemmGflops);
}
