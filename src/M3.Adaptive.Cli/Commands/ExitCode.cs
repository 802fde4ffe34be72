namespace M3.Adaptive.Cli.Commands;

/// <summary>What a script learns from how a command ended.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>A failure of ours: the service is down, full, late or broken.</summary>
    public const int Failure = 1;

    /// <summary>Wrong use or input: trying again without a change will not help.</summary>
    public const int WrongUse = 2;

    /// <summary>Ctrl-C.</summary>
    public const int Interrupted = 130;
}
