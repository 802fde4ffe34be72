using M3.Adaptive.Core;
using M3.Adaptive.Inference.Arithmetic;
using M3.Adaptive.Model.Network;

namespace M3.Adaptive.Benchmarks.Model;

/// <summary>The passes that an answer consists of, by the arithmetic that the engine chooses, timed one sequence at a time.</summary>
internal static class AnswerPasses
{
    /// <summary>Tokens before and behind the visual ones: the real prompt's, with a short question.</summary>
    public const int PrefixTokens = 35, SuffixTokens = 25;

    /// <returns><c>encodeSeconds</c>, and at each scale S <c>prefillSecondsS</c> and, of the quickest of some steps, <c>decodeSecondsS</c>.</returns>
    public static IEnumerable<(string Name, double Seconds)> Measure(IArithmetic arithmetic, ModelConfig config, int steps)
    {
        var side = config.Vision.ImageSize;
        TorchSharp.torch.Tensor? encoded = null;
        yield return ("encodeSeconds", Clock.Seconds(() => encoded = arithmetic.Encode([new float[3 * side * side]]).Finish()));
        using var finest = encoded!;                                              // [1, 576, C], set by the line above
        using var prefix = arithmetic.NewSequence(PrefixTokens);
        arithmetic.Prefill([new PrefillChunk(prefix, null, Text(PrefixTokens), default)]);
        var logits = new float[arithmetic.Vocabulary];
        foreach (var scale in VisualScale.All)
        {
            using var sequence = arithmetic.Fork(prefix, PrefixTokens, PrefixTokens + scale.Tokens + SuffixTokens + steps);
            using var pooled = TokenPooling.Reduce(finest, scale);
            using var visual = pooled.squeeze(0).contiguous();                    // [T, C]
            yield return ($"prefillSeconds{scale}", Clock.Seconds(() => arithmetic.Prefill([new PrefillChunk(sequence, visual, Text(SuffixTokens), logits)])));
            yield return ($"decodeSeconds{scale}", Enumerable.Range(0, steps).Min(_ => Clock.Seconds(() => arithmetic.Decode([new DecodeRow(sequence, 5, logits)]))));
        }
    }

    private static int[] Text(int tokens) => [.. Enumerable.Repeat(5, tokens)];
}
