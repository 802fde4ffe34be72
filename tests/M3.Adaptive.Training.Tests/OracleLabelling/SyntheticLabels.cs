using M3.Adaptive.Core;
using M3.Adaptive.Predictor.Features;
using M3.Adaptive.Training.OracleLabelling;

namespace M3.Adaptive.Training.Tests.OracleLabelling;

/// <summary>
/// Labels of a world whose law is known: every picture has a fineness, seen in its pooling residuals, and a question of the
/// reading kind needs it while a colour question needs nothing. Answers that are right have likelier tokens.
/// </summary>
internal static class SyntheticLabels
{
    public static ModelIdentity Model { get; } = new("synthetic", new string('a', 64));

    public static LabelTable Make(string split, int pictures, int seed)
    {
        var random = new Random(seed);
        Dictionary<string, float[]> images = [];
        List<LabelItem> items = [];
        for (var i = 0; i < pictures; i++)
        {
            var (image, fineness) = ($"{split}-{i}.png", random.Next(5));
            images[image] = PredictorFeatures.OfImage(Evidence(fineness, random));
            items.Add(Item($"{image}-colour", image, "what is the background colour", "background", 0, random));
            items.Add(Item($"{image}-read", image, "what does the sign say", "sign", fineness, random));
        }

        return new LabelTable(new LabelHeader(split, Model), images, items);
    }

    /// <summary>Residuals that stay high up to the rung at which details of this fineness are seen.</summary>
    public static ImageEvidence Evidence(int fineness, Random random)
    {
        float[] residuals = [.. VisualScale.All.Select(scale => scale.Rung == 4 ? 0 : (scale.Rung < fineness ? 0.8f : 0.2f) + 0.1f * random.NextSingle())];
        return new ImageEvidence(residuals, [.. Enumerable.Range(0, 9 * 12).Select(_ => random.NextSingle() - 0.5f)], 12);
    }

    public static TokenEvidence[] Answer(bool right, Random random, int length = 3) =>
    [
        .. Enumerable.Range(0, length).Select(i =>
        {
            var unsure = (right ? 0.2f : 1.5f) * (0.5f + random.NextSingle());
            return new TokenEvidence(
                i, "x", -unsure, 3 / (1 + unsure), unsure, i == length - 1 ? FinishReason.EndOfSequence : FinishReason.None, new Cost(i == 0 ? 9 : 0, 100, 0.01));
        }),
    ];

    private static LabelItem Item(string id, string image, string question, string family, int neededRung, Random random) =>
        new(id, image, question, family,
        [
            .. VisualScale.All.Select(scale =>
            {
                var right = random.NextDouble() < (scale.Rung >= neededRung ? 0.95 : 0.05);
                return new ScaleOutcome(right, right ? "blue" : "red", new Cost(scale.Tokens, 1e6 * (scale.Tokens + 20), 0.00125), AnswerEvidence.Of(Answer(right, random)));
            }),
        ]);
}
