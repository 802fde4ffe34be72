using M3.Adaptive.Core;
using M3.Adaptive.Inference.Arithmetic;
using M3.Adaptive.Inference.Sampling;
using M3.Adaptive.Model;
using M3.Adaptive.Model.Tokenizer;
using static TorchSharp.torch;

namespace M3.Adaptive.Inference.Tests.Golden;

/// <summary>A greedy answer by the passes alone, for prompts that no client can ask for: several turns, no picture.</summary>
internal static class ForcedAnswer
{
    public static List<TokenEvidence> Greedy(LoadedModel loaded, IArithmetic arithmetic, int[] before, Tensor? visual, int[] behind, int newTokens)
    {
        using var sequence = arithmetic.NewSequence(before.Length + (int)(visual?.shape[0] ?? 0) + behind.Length + newTokens);
        var (logits, text, answer) = (new float[arithmetic.Vocabulary], new AnswerText(loaded.Tokenizer), new List<TokenEvidence>());
        if (before.Length > 0) arithmetic.Prefill([new(sequence, null, before, default)]);
        arithmetic.Prefill([new(sequence, visual, behind, logits)]);
        while (true)
        {
            var next = NextToken.Of(logits);
            var finish = next.Best == loaded.Config.EosTokenId ? FinishReason.EndOfSequence : answer.Count + 1 == newTokens ? FinishReason.Length : FinishReason.None;
            var added = text.Add(next.Best) + (finish == FinishReason.None ? "" : text.Finish());
            answer.Add(new(next.Best, added, next.LogProbability(logits[next.Best]), next.Margin, next.Entropy, finish, Cost.Zero));
            if (finish != FinishReason.None) return answer;
            arithmetic.Decode([new(sequence, next.Best, logits)]);
        }
    }
}
