using System.Text.RegularExpressions;

namespace M3.Adaptive.Model.Backend;

/// <summary>libtorch cannot be loaded on this machine.</summary>
public sealed partial class LibtorchException(DllNotFoundException fault) : Exception(Explain(fault.Message), fault)
{
    /// <summary>One line: what the system's loader objected to, and what to do.</summary>
    internal static string Explain(string loaderMessage)
    {
        if (MissingVersion().Match(loaderMessage) is { Success: true } version)
            return $"libtorch cannot be loaded: this system's libstdc++ is older than {version.Groups[1].Value}; build M3.Adaptive on this machine, or install libstdc++6 of GCC 13 or later";

        var cause = loaderMessage.Split('\n').Select(static line => line.Trim()).FirstOrDefault(static line => line.Contains(".so", StringComparison.Ordinal) && !MissingGuess().IsMatch(line));
        return $"libtorch cannot be loaded ({cause ?? "its files are missing beside the program"}); restore and build M3.Adaptive again on this machine";
    }

    // .NET tries several names in several folders, and the loader says of each that there is no such file, by its whole path. What is
    // left is the cause: a file that was found and is no sound library, or a library that it needs, by its bare name.
    [GeneratedRegex("^/.*: cannot open shared object file")]
    private static partial Regex MissingGuess();

    [GeneratedRegex("version [`']((?:GLIBCXX|CXXABI)_[0-9.]+)' not found")]
    private static partial Regex MissingVersion();
}
