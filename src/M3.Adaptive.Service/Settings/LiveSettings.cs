using M3.Adaptive.Routing;
using M3.Adaptive.Service.Limits;
using M3.Adaptive.Service.Telemetry;

namespace M3.Adaptive.Service.Settings;

/// <summary>The settings that may change while the service runs. Their values are no secrets.</summary>
internal static class LiveSettings
{
    private static readonly string[] Families = [$"{RoutingOptions.Section}:", $"{LimitOptions.Section}:", $"{TelemetryOptions.Section}:{nameof(TelemetryOptions.TraceShare)}"];

    // Exploration draws one sequence from it.
    private const string Seed = $"{RoutingOptions.Section}:{nameof(RoutingOptions.ExplorationSeed)}";

    public static bool Contains(string key) =>
        LogLevels.IsOne(key) || (!key.Equals(Seed, StringComparison.OrdinalIgnoreCase) && Families.Any(family => key.StartsWith(family, StringComparison.OrdinalIgnoreCase)));
}
