namespace M3.Adaptive.Training.PredictorTraining;

/// <summary>Settings of a training. Small trees with much shrinkage: a few thousand items teach no more, and the files stay small.</summary>
public sealed record PredictorTrainingOptions
{
    /// <summary>Seed of row and column sampling; the same labels, options and seed give the same bytes.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Trees of a success head; 1 or more.</summary>
    public int Rounds { get; init; } = 100;

    /// <summary>Levels of a tree; 1 to 8.</summary>
    public int Depth { get; init; } = 3;

    /// <summary>Trees of the confidence model; 1 or more.</summary>
    public int ConfidenceRounds { get; init; } = 120;

    /// <summary>Parts into which the routing items are cut, by image, to see predictions on items not fitted; 2 or more.</summary>
    public int Folds { get; init; } = 5;
}

/// <summary>How far a training is.</summary>
public readonly record struct TrainingProgress(string Stage, int Done, int Total);
