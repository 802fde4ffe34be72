using M3.Adaptive.Inference.Arithmetic;
using static TorchSharp.torch;

namespace M3.Adaptive.Inference.Tests.Arithmetic;

/// <summary>A request as an engine would split it: a picture's tokens, text, then single tokens that are given, so that every arithmetic sees the same.</summary>
internal sealed record RandomRequest(float[] Visual, int[] Text, int[] Forced)
{
    public int Prompt(int width) => (Visual.Length / width) + Text.Length;

    public static RandomRequest Draw(Random random, int width, int vocabulary, int[] visual) => new(
        [.. Enumerable.Range(0, width * visual[random.Next(visual.Length)]).Select(_ => random.NextSingle() - 0.5f)],
        [.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => random.Next(vocabulary))],
        [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => random.Next(vocabulary))]);
}

internal static class RandomBatches
{
    /// <summary>Prefills all requests together and then decodes together those that have tokens left.</summary>
    /// <returns>For each request the logits behind its prompt and behind each of its tokens.</returns>
    public static float[][][] Run(this IArithmetic arithmetic, int width, IReadOnlyList<RandomRequest> requests)
    {
        using var scope = NewDisposeScope();
        var sequences = requests.Select(request => arithmetic.NewSequence(request.Prompt(width) + request.Forced.Length)).ToArray();
        var logits = requests.Select(request => Enumerable.Range(0, request.Forced.Length + 1).Select(_ => new float[arithmetic.Vocabulary]).ToArray()).ToArray();
        arithmetic.Prefill([.. requests.Select((request, i) => new PrefillChunk(
            sequences[i], request.Visual.Length == 0 ? null : tensor(request.Visual).reshape(-1, width), request.Text, logits[i][0]))]);
        for (var step = 0; step < requests.Max(static request => request.Forced.Length); step++)
        {
            arithmetic.Decode([.. from i in Enumerable.Range(0, requests.Count)
                                  where step < requests[i].Forced.Length
                                  select new DecodeRow(sequences[i], requests[i].Forced[step], logits[i][step + 1])]);
        }

        foreach (var sequence in sequences) sequence.Dispose();
        return logits;
    }

    public static double LogProbability(float[] logits, int token)
    {
        var largest = logits.Max();
        return logits[token] - largest - Math.Log(logits.Sum(logit => Math.Exp(logit - largest)));
    }
}
