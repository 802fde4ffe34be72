using Microsoft.Extensions.Logging;

namespace M3.Adaptive.Routing.Telemetry;

internal static partial class RoutingLog
{
    [LoggerMessage(EventId = 201, Level = LogLevel.Debug,
        Message = "Escalated from {From} to {To} visual tokens: worth {Worth:F3}, the answer in hand {InHand:F3}")]
    public static partial void Escalated(ILogger logger, int from, int to, double worth, double inHand);

    [LoggerMessage(EventId = 202, Level = LogLevel.Error, Message = "Predictor {Version} failed; the safe scale is used")]
    public static partial void PredictorFailed(ILogger logger, string version, Exception exception);

    [LoggerMessage(EventId = 203, Level = LogLevel.Error,
        Message = "Predictor {Version} gave no five probabilities but {Success}; the safe scale is used")]
    public static partial void PredictorUnusable(ILogger logger, string version, string success);

    [LoggerMessage(EventId = 205, Level = LogLevel.Error, Message = "Predictor {Version} failed after a run at {Scale} visual tokens; its answer is given unjudged")]
    public static partial void ForecastFailed(ILogger logger, string version, int scale, Exception exception);

    [LoggerMessage(EventId = 206, Level = LogLevel.Error,
        Message = "Predictor {Version} gave no probabilities after a run at {Scale} visual tokens but {Success}; its answer is given unjudged")]
    public static partial void ForecastUnusable(ILogger logger, string version, int scale, string success);

    [LoggerMessage(EventId = 204, Level = LogLevel.Warning, Message = "Escalation to {To} visual tokens found no room: {Why}")]
    public static partial void EscalationFoundNoRoom(ILogger logger, int to, string why);
}
