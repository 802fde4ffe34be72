using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>What calls log. Only a handler's own exception is an error; what clients do wrong is not.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "Error when executing service method '{Method}'.")]
    public static partial void HandlerFailed(ILogger logger, string method, Exception exception);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "Call of '{Method}' ended with {StatusCode}: {Detail}")]
    public static partial void EndedWithStatus(ILogger logger, string method, Core.StatusCode statusCode, string detail);

    [LoggerMessage(EventId = 3, Level = LogLevel.Debug, Message = "Call of '{Method}' was abandoned by its client.")]
    public static partial void Abandoned(ILogger logger, string method, Exception exception);

    [LoggerMessage(EventId = 4, Level = LogLevel.Debug, Message = "Call of '{Method}' passed its deadline of {Timeout}.")]
    public static partial void DeadlinePassed(ILogger logger, string method, TimeSpan timeout);

    [LoggerMessage(EventId = 5, Level = LogLevel.Error, Message = "A cancellation callback of a call of '{Method}' failed.")]
    public static partial void CancellationCallbackFailed(ILogger logger, string method, Exception exception);

    [LoggerMessage(EventId = 6, Level = LogLevel.Debug, Message = "The deadline's status of a call of '{Method}' could not be delivered.")]
    public static partial void DeadlineNotDelivered(ILogger logger, string method, Exception exception);
}
