namespace M3.Adaptive.Service;

/// <summary>Event ids 500 to 599.</summary>
internal static partial class ServiceLog
{
    [LoggerMessage(EventId = 501, Level = LogLevel.Information, Message = "Serving {Model} with predictor {Predictor}")]
    public static partial void Serving(ILogger logger, string model, string predictor);

    [LoggerMessage(EventId = 502, Level = LogLevel.Information, Message = "Stopping: no new questions are taken, running answers finish")]
    public static partial void Draining(ILogger logger);

    [LoggerMessage(EventId = 507, Level = LogLevel.Information, Message = "Stopping: {Answers} answers that pages wait for finish first")]
    public static partial void PagesFirst(ILogger logger, int answers);

    [LoggerMessage(EventId = 503, Level = LogLevel.Error, Message = "Internal error {ErrorId} in {Method}")]
    public static partial void Internal(ILogger logger, Exception exception, Guid errorId, string method);

    [LoggerMessage(EventId = 504, Level = LogLevel.Error,
        Message = "No usable predictor, every question is asked at {SafeScale} visual tokens: {Fault}")]
    public static partial void NoPredictor(ILogger logger, int safeScale, string fault);

    [LoggerMessage(EventId = 505, Level = LogLevel.Error, Message = "Not serving until the store can be written again: {Fault}")]
    public static partial void StateUnavailable(ILogger logger, string fault);

    [LoggerMessage(EventId = 506, Level = LogLevel.Information, Message = "Serving again: decisions can be kept")]
    public static partial void StateIsBack(ILogger logger);

    [LoggerMessage(EventId = 508, Level = LogLevel.Warning,
        Message = "Predictor {Version} guarantees no risk of {Risk} (smallest: {Smallest}): questions without a policy get the finest scale. "
            + "Set Routing:Risk or Routing:Policy, or train with more calibration labels")]
    public static partial void NoGuarantee(ILogger logger, string version, double risk, string smallest);

    [LoggerMessage(EventId = 534, Level = LogLevel.Warning, Message = "The registry of predictors refused: {Fault}")]
    public static partial void RegistryRefused(ILogger logger, string fault);

    [LoggerMessage(EventId = 535, Level = LogLevel.Error, Message = "Canary {Version} is taken back: {Why}")]
    public static partial void CanaryTakenBack(ILogger logger, int version, string why);

    [LoggerMessage(EventId = 536, Level = LogLevel.Warning, Message = "The canary cannot be compared with the champion now: {Fault}")]
    public static partial void CanaryNotCompared(ILogger logger, string fault);

    [LoggerMessage(EventId = 530, Level = LogLevel.Information,
        Message = "Serving predictor {Champion} from now on, challenger {Challenger}; changed by {By}: {Why}")]
    public static partial void PredictorChanged(ILogger logger, string champion, string challenger, string by, string why);

    [LoggerMessage(EventId = 531, Level = LogLevel.Error, Message = "Serving predictor {Champion} from before, not what the registry names: {Fault}")]
    public static partial void PredictorNotChanged(ILogger logger, string champion, string fault);

    [LoggerMessage(EventId = 532, Level = LogLevel.Warning, Message = "The predictor of the model's own folder is not in the registry: {Fault}")]
    public static partial void PredictorNotTakenIn(ILogger logger, string fault);

    [LoggerMessage(EventId = 533, Level = LogLevel.Warning,
        Message = "{Model} has no predictors yet: those of {Others} were made for other models, and neither they nor their guarantees count for this one")]
    public static partial void OtherModelsPredictors(ILogger logger, string model, string others);

    [LoggerMessage(EventId = 510, Level = LogLevel.Warning, Message = "Whoever reaches {Endpoint} is let in, until a key is made")]
    public static partial void Open(ILogger logger, System.Net.IPEndPoint endpoint);

    [LoggerMessage(EventId = 511, Level = LogLevel.Warning,
        Message = "Keys, questions and pictures reach {Endpoint} unencrypted: set Server:Certificate and Server:CertificateKey, unless something before it encrypts")]
    public static partial void Unencrypted(ILogger logger, System.Net.IPEndPoint endpoint);

    [LoggerMessage(EventId = 512, Level = LogLevel.Information, Message = "Serving TLS with a new certificate, which ends on {End:yyyy-MM-dd}")]
    public static partial void CertificateReloaded(ILogger logger, DateTime end);

    [LoggerMessage(EventId = 513, Level = LogLevel.Error, Message = "Serving TLS with the certificate from before: {Fault}")]
    public static partial void CertificateUnreadable(ILogger logger, string fault);

    [LoggerMessage(EventId = 514, Level = LogLevel.Information, Message = "Metrics for Prometheus at {Address}/metrics")]
    public static partial void MetricsServed(ILogger logger, string address);

    [LoggerMessage(EventId = 515, Level = LogLevel.Warning, Message = "Telemetry does not arrive at {Endpoint}: {Fault}")]
    public static partial void TelemetryLost(ILogger logger, string endpoint, string fault);

    [LoggerMessage(EventId = 516, Level = LogLevel.Information, Message = "Settings changed: {Changes}")]
    public static partial void SettingsChanged(ILogger logger, string changes);

    [LoggerMessage(EventId = 517, Level = LogLevel.Warning, Message = "Settings changed that count from the next start on: {Names}")]
    public static partial void SettingsWait(ILogger logger, string names);

    [LoggerMessage(EventId = 518, Level = LogLevel.Error, Message = "All settings stay as they are: {Fault}")]
    public static partial void SettingsKept(ILogger logger, string fault);

    [LoggerMessage(EventId = 520, Level = LogLevel.Warning, Message = "An answer could not be audited: {Fault}")]
    public static partial void AuditFailed(ILogger logger, string fault);

    [LoggerMessage(EventId = 521, Level = LogLevel.Information, Message = "Retraining begins, {Why}")]
    public static partial void RetrainingBegins(ILogger logger, string why);

    [LoggerMessage(EventId = 522, Level = LogLevel.Information, Message = "Retraining ended: {Outcome}")]
    public static partial void RetrainingEnded(ILogger logger, string outcome);

    [LoggerMessage(EventId = 523, Level = LogLevel.Warning, Message = "Retraining ended with {ExitCode}: {Fault}")]
    public static partial void RetrainingFailed(ILogger logger, int exitCode, string fault);

    [LoggerMessage(EventId = 540, Level = LogLevel.Information, Message = "No browser is opened, as this machine has no xdg-open: the playground is at {Address}")]
    public static partial void NoBrowser(ILogger logger, Uri address);

    [LoggerMessage(EventId = 550, Level = LogLevel.Warning,
        Message = "Drift: {Measure} is {Value:F3}, above {Limit:F3}, over the latest {Requests} requests. Replies promise no risk until it is over: see the runbook in training/README.md")]
    public static partial void DriftBegins(ILogger logger, string measure, double value, double limit, int requests);

    [LoggerMessage(EventId = 551, Level = LogLevel.Information, Message = "Drift: {Measure} is {Value:F3} again, at most {Limit:F3}")]
    public static partial void DriftEnds(ILogger logger, string measure, double value, double limit);
}
