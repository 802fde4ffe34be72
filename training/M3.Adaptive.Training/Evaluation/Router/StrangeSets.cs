namespace M3.Adaptive.Training.Evaluation.Router;

/// <summary>Names of the label tables, beside a model's splits, on which the evaluation looks at what is unlike them.</summary>
internal static class StrangeSets
{
    /// <summary>The judged pictures saved in another format.</summary>
    public const string Twins = "twins";

    /// <summary>Another icon style; other wordings; blank, noise and text-only pictures.</summary>
    public static IReadOnlyList<string> Names { get; } = ["style", "wordings", "pictures"];
}
