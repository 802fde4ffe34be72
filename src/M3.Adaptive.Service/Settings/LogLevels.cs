namespace M3.Adaptive.Service.Settings;

/// <summary>The one family of settings whose names are not fixed: how much each category logs, <c>Logging:LogLevel:CATEGORY</c>.</summary>
internal static class LogLevels
{
    private const string Section = "Logging:LogLevel:";

    /// <summary>
    /// What applies unless it is set. The libraries tell every request and, some as critical, every fault of a client; what goes wrong in a call of
    /// ours is logged by <c>CallFaults</c>, in health by <c>ServingCheck</c>, and what keeps the host from starting is the command's own line.
    /// </summary>
    public static IReadOnlyDictionary<string, string?> Defaults { get; } = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
    {
        [$"{Section}Default"] = nameof(LogLevel.Information),
        [$"{Section}Grpc"] = nameof(LogLevel.None),
        [$"{Section}Microsoft"] = nameof(LogLevel.Error),
        [$"{Section}Microsoft.AspNetCore.Server.Kestrel.BadRequests"] = nameof(LogLevel.None),
        [$"{Section}Microsoft.AspNetCore.Server.Kestrel.Connections"] = nameof(LogLevel.None),
        [$"{Section}Microsoft.AspNetCore.Server.Kestrel.Http2"] = nameof(LogLevel.None),
        [$"{Section}Microsoft.Extensions.Diagnostics.HealthChecks"] = nameof(LogLevel.None),
        [$"{Section}Microsoft.Extensions.Hosting.Internal.Host"] = nameof(LogLevel.None),
    };

    public static string Expectation { get; } = string.Join(", ", Enum.GetNames<LogLevel>());

    public static bool IsOne(string key) => key.StartsWith(Section, StringComparison.OrdinalIgnoreCase) && key.Length > Section.Length;

    public static string? Normalize(string text) =>
        Enum.GetNames<LogLevel>().FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
}
