using System.Diagnostics;
using M3.Adaptive.Inference.Arithmetic;
using M3.Adaptive.Inference.Sampling;
using M3.Adaptive.Model;
using M3.Adaptive.Model.Network;
using TorchSharp;

namespace M3.Adaptive.Benchmarks.Engine;

/// <summary>
/// How batches are commonly made: some questions at a time, each prompt filled up to the longest, decoded together until the last answer ends. On
/// the same arithmetic as the engine, pictures encoded once, so that the difference is the batching alone.
/// </summary>
internal static class PaddedBatches
{
    private const int Batch = 8, NewTokens = 16;

    /// <returns>Answers a second.</returns>
    public static double Run(LoadedModel loaded, IArithmetic arithmetic, IEnumerable<PictureVisit> visits, TimeSpan time)
    {
        torch.set_num_threads(Environment.ProcessorCount);
        using var prefix = arithmetic.NewSequence(loaded.Prompt.Prefix.Length);
        arithmetic.Prefill([new PrefillChunk(prefix, null, loaded.Prompt.Prefix, default)]);
        var (start, answers) = (Stopwatch.GetTimestamp(), 0);
        foreach (var pair in visits.Chunk(Batch / Traffic.QuestionsPerPicture))
        {
            using var scope = torch.NewDisposeScope();
            var prompts = pair.SelectMany(visit => Prompts(loaded, arithmetic, visit)).ToList();
            Answer(loaded, arithmetic, prefix, prompts);
            answers += prompts.Count;
            if (Stopwatch.GetElapsedTime(start) > time) break;
        }

        return answers / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static IEnumerable<(torch.Tensor Visual, int[] Text)> Prompts(LoadedModel loaded, IArithmetic arithmetic, PictureVisit visit)
    {
        var finest = arithmetic.Encode([loaded.ReadPixels(visit.Picture)]).Finish();
        return [.. visit.Questions.Select(question => (TokenPooling.Reduce(finest, question.Scale).squeeze(0), loaded.Prompt.Suffix(question.Question)))];
    }

    private static void Answer(LoadedModel loaded, IArithmetic arithmetic, SequenceState prefix, List<(torch.Tensor Visual, int[] Text)> prompts)
    {
        var longest = prompts.Max(static prompt => (int)prompt.Visual.shape[0] + prompt.Text.Length);
        var capacity = prefix.Length + longest + NewTokens;
        var sequences = prompts.Select(_ => arithmetic.Fork(prefix, prefix.Length, capacity)).ToArray();
        var logits = prompts.Select(_ => new float[arithmetic.Vocabulary]).ToArray();
        arithmetic.Prefill([.. prompts.Select((prompt, i) => new PrefillChunk(
            sequences[i], prompt.Visual, (int[])[.. new int[longest - (int)prompt.Visual.shape[0] - prompt.Text.Length], .. prompt.Text], logits[i]))]);
        var tokens = logits.Select(static one => NextToken.Of(one).Best).ToArray();
        var ended = tokens.Select(token => token == loaded.Config.EosTokenId).ToArray();
        for (var step = 1; step < NewTokens && ended.Contains(false); step++)
        {
            arithmetic.Decode([.. sequences.Select((sequence, i) => new DecodeRow(sequence, tokens[i], logits[i]))]);
            for (var i = 0; i < tokens.Length; i++)
            {
                tokens[i] = NextToken.Of(logits[i]).Best;
                ended[i] |= tokens[i] == loaded.Config.EosTokenId;
            }
        }

        foreach (var sequence in sequences) sequence.Dispose();
    }
}
