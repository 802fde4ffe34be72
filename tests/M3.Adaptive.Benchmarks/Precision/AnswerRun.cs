using M3.Adaptive.CommandLine;
using M3.Adaptive.Core;
using M3.Adaptive.Inference.Arithmetic;
using M3.Adaptive.Inference.Sampling;
using M3.Adaptive.Model;
using M3.Adaptive.Model.Network;
using static TorchSharp.torch;

namespace M3.Adaptive.Benchmarks.Precision;

/// <summary>One answer at one scale, or the same tokens again by another arithmetic.</summary>
/// <param name="Tokens">The reference's greedy ones, end of sequence included.</param>
/// <param name="LogProbabilities">Of each.</param>
/// <param name="IsGreedy">Whether each was the likeliest, so that this arithmetic would have given the same answer.</param>
internal sealed record Answer(VisualScale Scale, IReadOnlyList<int> Tokens, IReadOnlyList<double> LogProbabilities, bool IsGreedy);

/// <summary>Questions about pictures answered at every scale by one arithmetic: all scales and questions of a picture are decoded together.</summary>
internal sealed class AnswerRun(LoadedModel loaded, IArithmetic arithmetic, QuestionSet set) : IDisposable
{
    private const int MostTokens = 32;

    private readonly SequenceState _prefix = Prefix(loaded, arithmetic);

    /// <param name="given">Answers whose tokens are to be given, in the order that this returns; null: the likeliest are.</param>
    public List<Answer> Run(IReadOnlyList<Answer>? given)
    {
        var answers = new List<Answer>();
        foreach (var group in set.ByImage())
        {
            using var scope = NewDisposeScope();
            using var finest = arithmetic.Encode([loaded.ReadPixels(File.ReadAllBytes(Path.Combine(set.Folder, group.Key)))]).Finish();
            answers.AddRange(About(finest, [.. group.Select(question => loaded.Prompt.Suffix(question.Text))], given?.Skip(answers.Count).ToArray()));
        }

        return answers;
    }

    public void Dispose() => _prefix.Dispose();

    private Answer[] About(Tensor finest, int[][] suffixes, Answer[]? given)
    {
        var started = (from scale in VisualScale.All
                       let visual = TokenPooling.Reduce(finest, scale).squeeze(0).contiguous()                       // [T, C]
                       from suffix in suffixes
                       select (scale, chunk: new PrefillChunk(Sequence(scale.Tokens + suffix.Length), visual, suffix, new float[arithmetic.Vocabulary]))).ToArray();
        arithmetic.Prefill([.. started.Select(static start => start.chunk)]);
        var rows = started.Select((start, i) => new Row(start.scale, start.chunk, given?[i])).ToArray();
        for (var running = rows; running.Length > 0;)
        {
            foreach (var row in running) row.Next();
            running = [.. running.Where(row => !row.IsDone(loaded.Config.EosTokenId))];
            arithmetic.Decode([.. running.Select(static row => row.Step)]);
        }

        foreach (var start in started) start.chunk.Sequence.Dispose();
        return [.. rows.Select(static row => row.Answer)];
    }

    private SequenceState Sequence(int prompt) => arithmetic.Fork(_prefix, _prefix.Length, _prefix.Length + prompt + MostTokens);

    private static SequenceState Prefix(LoadedModel loaded, IArithmetic arithmetic)
    {
        var prefix = arithmetic.NewSequence(loaded.Prompt.Prefix.Length);
        arithmetic.Prefill([new PrefillChunk(prefix, null, loaded.Prompt.Prefix, default)]);
        return prefix;
    }

    private sealed class Row(VisualScale scale, PrefillChunk chunk, Answer? given)
    {
        private readonly List<int> _tokens = [];
        private readonly List<double> _logProbabilities = [];
        private bool _greedy = true;

        public Answer Answer => new(scale, _tokens, _logProbabilities, _greedy);

        public DecodeRow Step => new(chunk.Sequence, _tokens[^1], chunk.Logits);

        public bool IsDone(int end) => given is null ? _tokens[^1] == end || _tokens.Count == MostTokens : _tokens.Count == given.Tokens.Count;

        public void Next()
        {
            var logits = chunk.Logits.Span;
            var next = NextToken.Of(logits);
            var token = given?.Tokens[_tokens.Count] ?? next.Best;
            _greedy &= token == next.Best;
            _tokens.Add(token);
            _logProbabilities.Add(next.LogProbability(logits[token]));
        }
    }
}
