namespace M3.Adaptive.Predictor.Features;

/// <summary>
/// The rows that heads see. Before any run: how much each rung loses, the energies of the 3 x 3 cells, the question. After a run: the
/// question, the answer's evidence, the answer's text; what the picture shows adds nothing then.
/// </summary>
public static class HeadFeatures
{
    /// <summary>Changes whenever a number in a row would; version 1 had one confidence for all scales.</summary>
    public const int Version = 2;

    public static int PriorCount => PredictorFeatures.PlainImageCount + PredictorFeatures.QuestionCount;

    public static int AfterCount => PredictorFeatures.QuestionCount + AnswerEvidence.Count + AnswerTextFeatures.Count;

    /// <param name="features">As <see cref="PredictorFeatures.Of"/> gives them.</param>
    public static float[] Prior(ReadOnlySpan<float> features) =>
        [.. features[..PredictorFeatures.PlainImageCount], .. features.Slice(PredictorFeatures.ImageCount, PredictorFeatures.QuestionCount)];

    /// <param name="features">As <see cref="PredictorFeatures.Of"/> gives them.</param>
    /// <param name="answer">Its text; without effect on a growing answer, of which label tables do not hold the text of the first token.</param>
    public static float[] After(ReadOnlySpan<float> features, AnswerEvidence evidence, string answer)
    {
        var row = new float[AfterCount];
        features.Slice(PredictorFeatures.ImageCount, PredictorFeatures.QuestionCount).CopyTo(row);
        var seen = row.AsSpan(PredictorFeatures.QuestionCount);
        evidence.Values.CopyTo(seen);
        if (!evidence.IsFirstTokenOnly) AnswerTextFeatures.Write(answer, seen[AnswerEvidence.Count..]);
        return row;
    }
}
