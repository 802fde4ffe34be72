namespace M3.Adaptive.CommandLine;

/// <summary>Where run-time state lies (decisions, training runs, caches): <c>$M3_STATE</c>, by default <c>~/.local/state/m3</c>; never the checkout.</summary>
public static class StateFolder
{
    public static string Path { get; } = Environment.GetEnvironmentVariable("M3_STATE") is { Length: > 0 } named
        ? System.IO.Path.GetFullPath(named)
        : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state", "m3");
}
