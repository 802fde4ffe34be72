using Microsoft.Extensions.Logging;

namespace M3.Adaptive.Routing.Telemetry;

internal static partial class RoutingLog
{
    [LoggerMessage(EventId = 201, Level = LogLevel.Debug,
        Message = "Escalated from {From} to {To} visual tokens: confidence {Confidence:F3} < {Threshold:F3}")]
    public static partial void Escalated(ILogger logger, int from, int to, float confidence, double threshold);

    [LoggerMessage(EventId = 202, Level = LogLevel.Error, Message = "Predictor {Version} failed; the safe scale is used")]
    public static partial void PredictorFailed(ILogger logger, string version, Exception exception);

    [LoggerMessage(EventId = 203, Level = LogLevel.Error,
        Message = "Predictor {Version} gave no five probabilities but {Success}; the safe scale is used")]
    public static partial void PredictorUnusable(ILogger logger, string version, string success);

    [LoggerMessage(EventId = 204, Level = LogLevel.Warning, Message = "Escalation to {To} visual tokens found no room: {Why}")]
    public static partial void EscalationFoundNoRoom(ILogger logger, int to, string why);
}
