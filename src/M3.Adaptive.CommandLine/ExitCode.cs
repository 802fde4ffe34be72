namespace M3.Adaptive.CommandLine;

/// <summary>What a script learns from how a command ended.</summary>
public static class ExitCode
{
    public const int Success = 0;

    /// <summary>A failure of the product: the service is down, full or late, or something is broken. Trying again may help.</summary>
    public const int Failure = 1;

    /// <summary>Wrong use or wrong input: trying again without a change will not help.</summary>
    public const int WrongUse = 2;

    /// <summary>The command was interrupted by Ctrl-C: 128 and the number of SIGINT, as shells count.</summary>
    public const int Interrupted = 130;
}
