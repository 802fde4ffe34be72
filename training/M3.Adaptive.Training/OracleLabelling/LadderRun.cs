using System.Runtime.CompilerServices;
using M3.Adaptive.Core;
using M3.Adaptive.Predictor.Confidence;
using M3.Adaptive.Predictor.Features;
using M3.Adaptive.Predictor.Labels;

namespace M3.Adaptive.Training.OracleLabelling;

/// <summary>One question answered at every scale.</summary>
/// <param name="Item">Its labels.</param>
/// <param name="ImageFeatures">The predictor's view of the picture.</param>
/// <param name="Texts">What each scale answered, coarsest first.</param>
internal sealed record LadderAnswer(LabelItem Item, float[] ImageFeatures, IReadOnlyList<string> Texts);

/// <summary>One encode, five scales: the run behind labels and evaluation, by the very generator that serves.</summary>
internal static class LadderRun
{
    private static readonly DecodingOptions Greedy = new() { MaxNewTokens = 32 };

    /// <summary>Answers every question at every scale, picture by picture.</summary>
    public static async IAsyncEnumerable<LadderAnswer> AnswerAsync(
        IGenerator generator, QuestionSet set, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var group in set.ByImage())
        {
            var bytes = await File.ReadAllBytesAsync(Path.Combine(set.Folder, group.Key), cancellation).ConfigureAwait(false);
            using var image = await generator.EncodeAsync(bytes, cancellation).ConfigureAwait(false);
            var features = PredictorFeatures.OfImage(image.Evidence);
            foreach (var question in group)
            {
                var outcomes = new List<ScaleOutcome>();
                var texts = new List<string>();
                foreach (var scale in VisualScale.All)
                {
                    var (outcome, text) = await AnswerAsync(generator, image, question, scale, cancellation).ConfigureAwait(false);
                    outcomes.Add(outcome);
                    texts.Add(text);
                }

                yield return new LadderAnswer(new LabelItem(question.Id, question.Image, question.Text, question.Category ?? "", outcomes), features, texts);
            }
        }
    }

    private static async Task<(ScaleOutcome Outcome, string Text)> AnswerAsync(
        IGenerator generator, EncodedImage image, SetQuestion question, VisualScale scale, CancellationToken cancellation)
    {
        var tokens = new List<TokenEvidence>();
        await foreach (var token in generator.GenerateAsync(new(image, question.Text, scale, Greedy), cancellation).ConfigureAwait(false)) tokens.Add(token);
        var text = string.Concat(tokens.Select(token => token.Text)).Trim();
        return (new ScaleOutcome(question.IsRight(text), Cost.Sum(tokens.Select(token => token.Charged)), AnswerEvidence.Of(tokens)), text);
    }
}
