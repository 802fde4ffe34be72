namespace M3.Adaptive.CommandLine;

/// <summary>Where run-time state lies (decisions, training runs, caches): <c>$M3_STATE</c>, by default <c>~/.local/state/m3</c>; never the checkout.</summary>
public static class StateFolder
{
    /// <exception cref="CommandException">None is named, and the user has no home folder.</exception>
    public static string Path => Of(
        Environment.GetEnvironmentVariable("M3_STATE"),
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify));

    internal static string Of(string? named, string home)
    {
        if (!string.IsNullOrEmpty(named)) return System.IO.Path.GetFullPath(named);
        return System.IO.Path.IsPathRooted(home)
            ? System.IO.Path.Combine(home, ".local", "state", "m3")
            : throw new CommandException("there is no home folder to keep state in: set M3_STATE to a folder that may be written");
    }
}
