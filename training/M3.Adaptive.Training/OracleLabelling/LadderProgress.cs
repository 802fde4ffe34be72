using System.Diagnostics;

namespace M3.Adaptive.Training.OracleLabelling;

/// <summary>A line on standard error every few seconds: how far, how fast, how long still.</summary>
internal sealed class LadderProgress
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);

    private readonly int _questions, _before;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _last;

    /// <param name="questions">In all.</param>
    /// <param name="before">Answered by an earlier, interrupted run.</param>
    public LadderProgress(int questions, int before)
    {
        (_questions, _before) = (questions, before);
        if (before > 0) Console.Error.WriteLine($"Going on at {before} of {questions} questions.");
    }

    public void Report(int answered)
    {
        var now = _clock.Elapsed;
        if (now - _last < Between && answered < _questions) return;
        _last = now;
        var rate = (answered - _before) / now.TotalSeconds;
        var left = TimeSpan.FromSeconds((_questions - answered) / rate);
        Console.Error.WriteLine($"{answered}/{_questions} questions ({100.0 * answered / _questions:F0} %)  {rate:F1} a second  {left:hh\\:mm\\:ss} left");
    }
}
