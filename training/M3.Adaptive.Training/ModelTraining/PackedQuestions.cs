using M3.Adaptive.Core;
using M3.Adaptive.Model.Network;
using M3.Adaptive.Model.Tokenizer;
using M3.Adaptive.Training.DataGeneration;
using static TorchSharp.torch;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary>A question as token ids.</summary>
/// <param name="Suffix">Everything between image and answer.</param>
/// <param name="Answer">With its end.</param>
/// <param name="Asked">Of each token of the answer, whether it counts: the names of an inventory are given.</param>
internal sealed record TokenizedQuestion(string Family, int ExpectedTokens, int[] Suffix, int[] Answer, bool[] Asked)
{
    /// <summary>What the ids were made of; null where they are all there is.</summary>
    public Question? Source { get; init; }

    /// <summary>All of the answer is asked.</summary>
    public TokenizedQuestion(string family, int expectedTokens, int[] suffix, int[] answer)
        : this(family, expectedTokens, suffix, answer, [.. answer.Select(_ => true)])
    {
    }

    /// <summary>The ids that teach an answer: what is read from the picture is spelled, be it a word that the vocabulary knows.</summary>
    public static TokenizedQuestion Of(Question question, VicunaPrompt prompt, SentencePieceTokenizer tokenizer)
    {
        var suffix = prompt.Suffix(question.Text);
        if (question.Family == Families.Inventory)
        {
            var (answer, asked) = Inventory(question.Answer, tokenizer);
            return new(question.Family, question.ExpectedTokens, suffix, answer, asked) { Source = question };
        }

        var isRead = question.Family is Families.Sign or Families.Receipt && question.Answer != Question.NotThere;
        return new(question.Family, question.ExpectedTokens, suffix, [.. Written(isRead ? $"\"{question.Answer}\"" : question.Answer, tokenizer), tokenizer.EndId]) { Source = question };
    }

    /// <summary>The ids of a text in which what stands in quotation marks is spelled, without the marks.</summary>
    private static IEnumerable<int> Written(string text, SentencePieceTokenizer tokenizer) => text.Split('"').SelectMany((part, i) =>
        i % 2 == 1 ? $" {part}".SelectMany(character => tokenizer.EncodeContinuation($"{character}"))
        : i == 0 || part.StartsWith(' ') ? tokenizer.Encode(part.Trim())
        : tokenizer.EncodeContinuation(part.TrimEnd()));

    /// <summary>The tokens of "[fox] top left, [key] not there" without the brackets; neither commas nor the end are asked, as the number of entries is arbitrary.</summary>
    private static (int[] Answer, bool[] Asked) Inventory(string text, SentencePieceTokenizer tokenizer)
    {
        var (answer, asked) = (new List<int>(), new List<bool>());
        foreach (var entry in text.Split(", "))
        {
            var end = entry.IndexOf(']', StringComparison.Ordinal);
            if (answer.Count > 0) Add(tokenizer.EncodeContinuation(","), false);
            Add(tokenizer.Encode(entry[1..end]), false);
            Add(Written(entry[(end + 2)..], tokenizer), true);
        }

        Add([tokenizer.EndId], false);
        return ([.. answer], [.. asked]);

        void Add(IEnumerable<int> ids, bool count)
        {
            answer.AddRange(ids);
            asked.AddRange(Enumerable.Repeat(count, answer.Count - asked.Count));
        }
    }
}

/// <summary>
/// Several questions about one image in one sequence that cannot see each other: each attends to prefix, image and itself,
/// and its positions begin behind the image. Exactly what serving sees with one question, at a fraction of the cost.
/// </summary>
/// <param name="PrefixIds">What comes before the image, [1, P].</param>
/// <param name="TextIds">What follows the image, padded, [B, L].</param>
/// <param name="Positions">[B, T], T = P + S + L.</param>
/// <param name="Mask">Added to the scores, [B, 1, T, T]: 0 or minus infinity.</param>
/// <param name="Rows">Rows of the flattened [B * T] that predict an answer token, [R].</param>
/// <param name="Targets">The answer tokens they predict, [R].</param>
/// <param name="Weights">Of the rows, summing to 1: an answer of n asked tokens counts as the root of n, so that long ones do not drown short ones, [R].</param>
/// <param name="Owners">For each row its question's place in <paramref name="Questions"/>.</param>
/// <param name="Questions">All questions of the batch, in order.</param>
internal sealed record PackedQuestions(
    Tensor PrefixIds, Tensor TextIds, Tensor Positions, Tensor Mask, Tensor Rows, Tensor Targets, Tensor Weights, int[] Owners, IReadOnlyList<TokenizedQuestion> Questions)
{
    /// <param name="pictures">The questions of each picture.</param>
    /// <param name="prefix">P tokens before the image.</param>
    /// <param name="scale">S, visual tokens.</param>
    /// <param name="dtype">Type of the mask: the activations'.</param>
    /// <param name="device">Where the tensors lie.</param>
    public static PackedQuestions Of(IReadOnlyList<IReadOnlyList<TokenizedQuestion>> pictures, IReadOnlyList<int> prefix, VisualScale scale, ScalarType dtype, Device device)
    {
        var B = pictures.Count;
        var seenByAll = prefix.Count + scale.Tokens;                              // P + S
        var L = pictures.Max(questions => questions.Sum(question => question.Suffix.Length + question.Answer.Length - 1));
        var T = seenByAll + L;
        var (ids, positions, segments) = (new long[B * L], new long[B * T], new long[B * T]);
        var (rows, targets, weights, owners, all) = (new List<long>(), new List<long>(), new List<float>(), new List<int>(), new List<TokenizedQuestion>());

        for (var b = 0; b < B; b++)
        {
            for (var t = 0; t < T; t++) (positions[b * T + t], segments[b * T + t]) = (t, t < seenByAll ? 0 : -1);
            var at = 0;
            for (var q = 0; q < pictures[b].Count; q++)
            {
                var question = pictures[b][q];
                int[] tokens = [.. question.Suffix, .. question.Answer[..^1]];
                for (var i = 0; i < tokens.Length; i++)
                {
                    ids[b * L + at + i] = tokens[i];
                    positions[b * T + seenByAll + at + i] = seenByAll + i;
                    segments[b * T + seenByAll + at + i] = q + 1;
                }

                var asked = question.Asked.Count(token => token);
                for (var i = 0; i < question.Answer.Length; i++)
                {
                    if (!question.Asked[i]) continue;
                    rows.Add(b * T + seenByAll + at + question.Suffix.Length - 1 + i);
                    targets.Add(question.Answer[i]);
                    weights.Add(1 / MathF.Sqrt(asked));
                    owners.Add(all.Count);
                }

                all.Add(question);
                at += tokens.Length;
            }
        }

        return new(
            On(tensor(prefix.Select(id => (long)id).ToArray()).unsqueeze(0)), On(tensor(ids).reshape(B, L)), On(tensor(positions).reshape(B, T)),
            Visible(On(tensor(segments).reshape(B, T)), dtype), On(tensor(rows.ToArray())), On(tensor(targets.ToArray())), On(tensor(weights.ToArray()) / weights.Sum()),
            [.. owners], all);

        Tensor On(Tensor values) => values.to(device);
    }

    /// <summary>Causal, and across segments only towards segment 0, prefix and image.</summary>
    private static Tensor Visible(Tensor segments, ScalarType dtype)              // [B, T]
    {
        var (query, key) = (segments.unsqueeze(2), segments.unsqueeze(1));        // [B, T, 1], [B, 1, T]
        var (B, T) = (segments.shape[0], segments.shape[1]);
        var causal = ones([T, T], ScalarType.Bool, segments.device).tril();
        var hidden = query.eq(key).logical_or(key.eq(0)).logical_and(causal).logical_not();   // [B, T, T]
        return zeros([B, T, T], dtype, segments.device).masked_fill(hidden, double.NegativeInfinity).unsqueeze(1);
    }
}

/// <summary>One forward pass over packed questions: loss of the answers, and which questions were answered right.</summary>
internal static class PackedForward
{
    /// <param name="model">Its projector and decoder run.</param>
    /// <param name="features">Vision features, [B, N, Cv], in the arithmetic's type.</param>
    /// <param name="scale">Visual tokens.</param>
    /// <param name="pooling">How the coarse sets are made.</param>
    /// <param name="packed">The questions.</param>
    /// <returns>Log-probabilities of the answer rows, [R, V], float32.</returns>
    public static Tensor LogProbabilities(M3Model model, Tensor features, VisualScale scale, Pooling pooling, PackedQuestions packed)
    {
        var visual = TokenPooling.Reduce(model.Projector.call(features), scale, pooling);            // [B, S, C]
        var prefix = model.Language.Embed(packed.PrefixIds).to(visual.dtype).expand(visual.shape[0], -1, -1);
        var text = model.Language.Embed(packed.TextIds).to(visual.dtype);
        var hidden = model.Language.Forward(cat([prefix, visual, text], 1), packed.Positions, packed.Mask, null);   // [B, T, C]
        var logits = model.Language.Head(hidden.flatten(0, 1).index_select(0, packed.Rows));          // [R, V]
        return logits.to(ScalarType.Float32).log_softmax(1);
    }

    /// <summary>Negative log-likelihood of the answers' tokens, weighted.</summary>
    public static Tensor Loss(Tensor logProbabilities, PackedQuestions packed) =>
        -(logProbabilities.gather(1, packed.Targets.unsqueeze(1)).squeeze(1) * packed.Weights).sum();

    /// <summary>
    /// Teacher forcing: if every answer token is the likeliest behind the right ones before it, greedy decoding gives exactly this answer.
    /// </summary>
    public static bool[] Right(Tensor logProbabilities, PackedQuestions packed)
    {
        var right = logProbabilities.argmax(1).eq(packed.Targets).cpu().data<bool>().ToArray();
        var questions = new bool[packed.Questions.Count];
        Array.Fill(questions, true);
        for (var row = 0; row < right.Length; row++) questions[packed.Owners[row]] &= right[row];
        return questions;
    }
}
