using Microsoft.Extensions.Logging;

namespace M3.Adaptive.Store;

/// <summary>Event ids 400 to 499.</summary>
internal static partial class StoreLog
{
    [LoggerMessage(EventId = 401, Level = LogLevel.Error, Message = "Nothing can be kept: {Fault}")]
    public static partial void IsOut(ILogger logger, string fault);

    [LoggerMessage(EventId = 402, Level = LogLevel.Information, Message = "The store is back: {Place}")]
    public static partial void IsBack(ILogger logger, string place);

    [LoggerMessage(EventId = 403, Level = LogLevel.Information, Message = "Forgot {Count} decisions that are older than the retention time")]
    public static partial void Forgot(ILogger logger, int count);

    [LoggerMessage(EventId = 405, Level = LogLevel.Warning, Message = "Gave back {Count} reservations of processes whose lease has ended")]
    public static partial void ReleasedOfTheDead(ILogger logger, int count);

    [LoggerMessage(EventId = 404, Level = LogLevel.Warning, Message = "Housekeeping of the store failed and will be tried again: {Fault}")]
    public static partial void HousekeepingFailed(ILogger logger, string fault);
}
