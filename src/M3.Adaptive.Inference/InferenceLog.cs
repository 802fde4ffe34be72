using Microsoft.Extensions.Logging;

namespace M3.Adaptive.Inference;

/// <summary>Event ids 100 to 199.</summary>
internal static partial class InferenceLog
{
    [LoggerMessage(EventId = 101, Level = LogLevel.Information, Message = "Model {Version} is ready on {Threads} threads: {Arithmetic}")]
    public static partial void Ready(ILogger logger, string version, int threads, string arithmetic);
}
