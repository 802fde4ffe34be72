namespace M3.Adaptive.Routing.Telemetry;

/// <summary>How many answers this process has given. Safe for concurrent use.</summary>
public sealed class AnswerCounts
{
    private long _answers;
    private long _unfamiliar;

    public long Answers => Interlocked.Read(ref _answers);

    /// <summary>Those of them that lay outside what the predictor was calibrated on.</summary>
    public long Unfamiliar => Interlocked.Read(ref _unfamiliar);

    internal void Add(bool unfamiliar)
    {
        Interlocked.Increment(ref _answers);
        if (unfamiliar) Interlocked.Increment(ref _unfamiliar);
    }
}
