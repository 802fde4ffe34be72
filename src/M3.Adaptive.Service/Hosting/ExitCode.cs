namespace M3.Adaptive.Service.Hosting;

/// <summary>What a supervisor learns from how the service ended.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>Wrong settings or files: starting again without a change will not help.</summary>
    public const int WrongUse = 2;
}
