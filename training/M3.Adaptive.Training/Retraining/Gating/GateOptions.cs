using M3.Adaptive.Training.Replay;

namespace M3.Adaptive.Training.Retraining.Gating;

/// <summary>What a challenger must keep to. Shares of questions are 0 to 1.</summary>
public sealed record GateOptions
{
    /// <summary>How the service routes: costs and answers are compared so.</summary>
    public ServedDefaults Defaults { get; init; } = new();

    /// <summary>Questions that a judgement needs: with fewer, luck alone moves the accuracy by more than the margin.</summary>
    public int LeastItems { get; init; } = 300;

    /// <summary>By how much the accuracy at equal cost may be below the champion's, with <see cref="Sureness"/>.</summary>
    public double AccuracyMargin { get; init; } = 0.01;

    /// <summary>The same for a slice, which is refused only where it is surely worse: a slice is too small for a proof that it is not.</summary>
    public double SliceMargin { get; init; } = 0.01;

    /// <summary>Questions from which on a family, a scale or a tenant is a slice of its own.</summary>
    public int LeastSlice { get; init; } = 100;

    /// <summary>By how much the calibration error may surely exceed the champion's.</summary>
    public double CalibrationMargin { get; init; } = 0.01;

    /// <summary>By how much the share of pictures out of the challenger's range may exceed the champion's.</summary>
    public double RangeMargin { get; init; } = 0.15;

    /// <summary>By what factor the mean cost may exceed the champion's for nothing; beyond it, a visual token must bring its price under the economy policy.</summary>
    public double FreeCostFactor { get; init; } = 1.1;

    /// <summary>By what factor a decision may take longer than the champion's, where it takes more than <see cref="FreeMicroseconds"/>.</summary>
    public double OverheadFactor { get; init; } = 1.5;

    /// <summary>Time of a decision that nobody notices beside a run of the model.</summary>
    public double FreeMicroseconds { get; init; } = 100;

    /// <summary>One-sided, 0.5 to 1.</summary>
    public double Sureness { get; init; } = 0.95;

    /// <summary>Draws of pictures.</summary>
    public int Draws { get; init; } = 400;
}
