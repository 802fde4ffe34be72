namespace M3.Adaptive.Service.Settings;

/// <summary>The one family of settings whose names are not fixed: how much each category logs, <c>Logging:LogLevel:CATEGORY</c>.</summary>
internal static class LogLevels
{
    private const string Section = "Logging:LogLevel:";

    public static string Expectation { get; } = string.Join(", ", Enum.GetNames<LogLevel>());

    public static bool IsOne(string key) => key.StartsWith(Section, StringComparison.OrdinalIgnoreCase) && key.Length > Section.Length;

    public static string? Normalize(string text) =>
        Enum.GetNames<LogLevel>().FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
}
