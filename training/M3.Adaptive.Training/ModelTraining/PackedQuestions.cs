using M3.Adaptive.Core;
using M3.Adaptive.Model;
using M3.Adaptive.Model.Tokenizer;
using M3.Adaptive.Training.DataGeneration;
using static TorchSharp.torch;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary>A question as token ids: everything between image and answer, and the answer with its end.</summary>
internal sealed record TokenizedQuestion(string Family, int ExpectedTokens, int[] Suffix, int[] Answer)
{
    public static TokenizedQuestion Of(Question question, VicunaPrompt prompt) =>
        new(question.Family, question.ExpectedTokens, prompt.Suffix(question.Text), prompt.Answer(question.Answer));
}

/// <summary>
/// Several questions about one image in one sequence that cannot see each other: each attends to prefix, image and itself,
/// and its positions begin behind the image. Exactly what serving sees with one question, at a fraction of the cost.
/// </summary>
/// <param name="TextIds">What follows the image, padded, [B, L].</param>
/// <param name="Positions">Of the whole sequence, [B, P + S + L].</param>
/// <param name="Mask">Added to the scores, [B, 1, T, T]: 0 or minus infinity.</param>
/// <param name="Rows">Rows of the flattened [B * T] that predict an answer token, [R].</param>
/// <param name="Targets">The answer tokens they predict, [R].</param>
/// <param name="Weights">Of the rows, summing to 1: every question counts the same, however long its answer, [R].</param>
/// <param name="Owners">For each row its question's place in <paramref name="Questions"/>.</param>
/// <param name="Questions">All questions of the batch, in order.</param>
internal sealed record PackedQuestions(
    Tensor TextIds, Tensor Positions, Tensor Mask, Tensor Rows, Tensor Targets, Tensor Weights, int[] Owners, IReadOnlyList<TokenizedQuestion> Questions)
{
    /// <param name="pictures">The questions of each picture.</param>
    /// <param name="prefix">P, tokens before the image.</param>
    /// <param name="scale">S, visual tokens.</param>
    /// <param name="dtype">Type of the mask: the activations'.</param>
    public static PackedQuestions Of(IReadOnlyList<IReadOnlyList<TokenizedQuestion>> pictures, int prefix, VisualScale scale, ScalarType dtype)
    {
        var (B, before) = (pictures.Count, prefix + scale.Tokens);
        var L = pictures.Max(questions => questions.Sum(question => question.Suffix.Length + question.Answer.Length - 1));
        var T = before + L;
        var (ids, positions, segments) = (new long[B * L], new long[B * T], new long[B * T]);
        var (rows, targets, weights, owners, all) = (new List<long>(), new List<long>(), new List<float>(), new List<int>(), new List<TokenizedQuestion>());

        for (var b = 0; b < B; b++)
        {
            for (var t = 0; t < T; t++) (positions[b * T + t], segments[b * T + t]) = (t, t < before ? 0 : -1);
            var at = 0;
            for (var q = 0; q < pictures[b].Count; q++)
            {
                var question = pictures[b][q];
                int[] tokens = [.. question.Suffix, .. question.Answer[..^1]];
                for (var i = 0; i < tokens.Length; i++)
                {
                    ids[b * L + at + i] = tokens[i];
                    positions[b * T + before + at + i] = before + i;
                    segments[b * T + before + at + i] = q + 1;
                }

                for (var i = 0; i < question.Answer.Length; i++)
                {
                    rows.Add(b * T + before + at + question.Suffix.Length - 1 + i);
                    targets.Add(question.Answer[i]);
                    weights.Add(1f / question.Answer.Length);
                    owners.Add(all.Count);
                }

                all.Add(question);
                at += tokens.Length;
            }
        }

        return new(
            tensor(ids).reshape(B, L), tensor(positions).reshape(B, T), Visible(tensor(segments).reshape(B, T), dtype),
            tensor(rows.ToArray()), tensor(targets.ToArray()), tensor(weights.ToArray()) / all.Count, [.. owners], all);
    }

    /// <summary>Causal, and across segments only towards segment 0, the prefix and the image.</summary>
    private static Tensor Visible(Tensor segments, ScalarType dtype)              // [B, T]
    {
        var (query, key) = (segments.unsqueeze(2), segments.unsqueeze(1));        // [B, T, 1], [B, 1, T]
        var T = segments.shape[1];
        var causal = ones([T, T], ScalarType.Bool).tril();
        var seen = query.eq(key).logical_or(key.eq(0)).logical_and(causal);       // [B, T, T]
        return zeros([segments.shape[0], T, T], dtype).masked_fill(seen.logical_not(), double.NegativeInfinity).unsqueeze(1);
    }
}

/// <summary>One forward pass over packed questions: loss of the answers, and which questions were answered right.</summary>
internal static class PackedForward
{
    /// <param name="model">Its projector and decoder run.</param>
    /// <param name="prefixIds">Tokens before the image, [1, P].</param>
    /// <param name="features">Vision features, [B, N, Cv], in the arithmetic's type.</param>
    /// <param name="scale">Visual tokens.</param>
    /// <param name="pooling">How the coarse sets are made.</param>
    /// <param name="packed">The questions.</param>
    /// <returns>Log-probabilities of the answer rows, [R, V], float32.</returns>
    public static Tensor LogProbabilities(M3Model model, Tensor prefixIds, Tensor features, VisualScale scale, Pooling pooling, PackedQuestions packed)
    {
        var visual = TokenPooling.Reduce(model.Projector.call(features), scale, pooling);            // [B, S, C]
        var prefix = model.Language.Embed(prefixIds).to(visual.dtype).expand(visual.shape[0], -1, -1);
        var text = model.Language.Embed(packed.TextIds).to(visual.dtype);
        var hidden = model.Language.Forward(cat([prefix, visual, text], 1), packed.Positions, packed.Mask, null);
        var logits = model.Language.Head(hidden.flatten(0, 1).index_select(0, packed.Rows));          // [R, V]
        return logits.to(ScalarType.Float32).log_softmax(1);
    }

    /// <summary>Mean over questions of the mean negative log-likelihood of their answers' tokens.</summary>
    public static Tensor Loss(Tensor logProbabilities, PackedQuestions packed) =>
        -(logProbabilities.gather(1, packed.Targets.unsqueeze(1)).squeeze(1) * packed.Weights).sum();

    /// <summary>
    /// Teacher forcing: if every answer token is the likeliest behind the right ones before it, greedy decoding gives exactly this answer.
    /// </summary>
    public static bool[] Right(Tensor logProbabilities, PackedQuestions packed)
    {
        var right = logProbabilities.argmax(1).eq(packed.Targets).data<bool>().ToArray();
        var questions = new bool[packed.Questions.Count];
        Array.Fill(questions, true);
        for (var row = 0; row < right.Length; row++) questions[packed.Owners[row]] &= right[row];
        return questions;
    }
}
