using M3.Adaptive.Training.Replay;

namespace M3.Adaptive.Training.PredictorTraining;

/// <summary>Settings of a training. Small trees with much shrinkage: a few thousand items teach no more, and the files stay small.</summary>
public sealed record PredictorTrainingOptions
{
    /// <summary>Seed of row and column sampling and of the synthetic strangers; the same labels, options and seed give the same predictor.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Trees of a head; 1 or more.</summary>
    public int Trees { get; init; } = 100;

    /// <summary>Leaves of a tree, 2 or more; 8 are three levels.</summary>
    public int Leaves { get; init; } = 8;

    /// <summary>Parts into which the routing items are cut, by image, to see predictions on items not fitted; 2 or more.</summary>
    public int Folds { get; init; } = 5;

    /// <summary>Probability with which a guarantee may be a lucky draw of the calibration labels; above 0, below 0.5.</summary>
    public double Delta { get; init; } = 0.1;

    /// <summary>Risks that must be guaranteed, shares of questions above 0 and below 1: the training fails when the labels do not bear one out.</summary>
    public IReadOnlyList<double> RequiredRisks { get; init; } = [];

    /// <summary>How the service routes: what it would serve of the labels is what drift is measured from.</summary>
    public ServedDefaults Defaults { get; init; } = new();

    /// <summary>Heads that are fitted at once; without effect on the result.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}

/// <summary>How far a training is.</summary>
public readonly record struct TrainingProgress(string Stage, int Done, int Total);
