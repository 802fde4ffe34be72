using System.Threading.Channels;
using M3.Adaptive.Core;
using M3.Adaptive.Inference.Arithmetic;
using M3.Adaptive.Inference.Sampling;
using M3.Adaptive.Inference.Scheduling;
using M3.Adaptive.Inference.VisionCache;
using M3.Adaptive.Model.Costs;
using M3.Adaptive.Model.Network;
using M3.Adaptive.Model.Tokenizer;
using static TorchSharp.torch;

namespace M3.Adaptive.Inference.Engine;

/// <summary>What is to be answered.</summary>
/// <param name="Image">The call's from here on.</param>
/// <param name="Suffix">Ids behind the image.</param>
/// <param name="Given">The answer's tokens, where they are given and not chosen; the end of sequence is the last one.</param>
internal sealed record AnswerRequest(HeldImage Image, VisualScale Scale, int[] Suffix, DecodingOptions Decoding, int[]? Given = null)
{
    /// <summary>Tokens of the answer at most.</summary>
    public int NewTokens => Given?.Length ?? Decoding.MaxNewTokens;
}

/// <summary>What all answers of a model have in common.</summary>
/// <param name="PrefixLength">Positions before the image, held already.</param>
/// <param name="Context">Positions of the longest sequence, prompt and answer together.</param>
/// <param name="EndId">Ends an answer.</param>
internal sealed record AnswerRules(int PrefixLength, int Context, int EndId, Pooling Pooling, SentencePieceTokenizer Tokenizer, LanguageCost Cost, TimeProvider Time)
{
    /// <summary>Told of each token's time; null: nobody is.</summary>
    public InferenceMetrics? Metrics { get; init; }

    /// <summary>Positions that a sequence needs at most.</summary>
    public int Capacity(VisualScale scale, int suffix, int newTokens) => Math.Min(Context, PrefixLength + scale.Tokens + suffix + newTokens);
}

/// <summary>One answer: its prompt is prefilled part by part, then every step adds a token. Tokens leave as they are chosen.</summary>
internal sealed class AnswerCall(Admission admission, Ticket ticket, AnswerRequest request, AnswerRules rules) : EngineCall(admission, ticket)
{
    private readonly Channel<TokenEvidence> _tokens = Channel.CreateUnbounded<TokenEvidence>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private readonly Sampler _sampler = new(request.Decoding);
    private readonly AnswerText _text = new(rules.Tokenizer);
    private readonly StopTexts _stop = new(request.Decoding.Stop);
    private SequenceState? _sequence;
    private Tensor? _visual;                                                      // [S, C]
    private LogitBuffers? _buffers;
    private PictureStarts? _starts;
    private float[] _logits = [];
    private int _done, _count, _token;
    private double _seconds;
    private long _lastToken = rules.Time.GetTimestamp();                          // or the call's admission
    private long _begun, _firstToken;

    /// <summary>First to last; ends with a fault when the call does.</summary>
    public ChannelReader<TokenEvidence> Tokens => _tokens.Reader;

    /// <summary>Positions held.</summary>
    public int Length => _sequence?.Length ?? rules.PrefixLength;

    public PictureAtScale Picture { get; } = new(request.Image.Hash, request.Scale);

    /// <summary>Whether its sequence has the picture.</summary>
    public bool HasPicture => _done >= request.Scale.Tokens;

    /// <summary>Whether it has its sequence.</summary>
    public bool HasStarted => _sequence is not null;

    /// <summary>Positions of the prompt that are still to be prefilled.</summary>
    public int Left => Prompt - _done;

    private int Prompt => request.Scale.Tokens + request.Suffix.Length;           // behind the prefix

    private SequenceState Sequence => _sequence ?? throw new InvalidOperationException("The answer has not begun.");

    /// <summary>
    /// Makes the sequence: behind the picture where there is one that begins with it, else behind the prefix. The picture is charged all the same, as if the
    /// answer had been alone. For the thread that owns the model, as all below.
    /// </summary>
    /// <param name="prefix">Positions before the image.</param>
    /// <param name="starts">Where the picture is looked for and left.</param>
    /// <param name="buffers">Lend it one for as long as it runs.</param>
    public void Start(IArithmetic arithmetic, SequenceState prefix, PictureStarts starts, LogitBuffers buffers, IStepCost cost)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        (_starts, _buffers, _logits) = (starts, buffers, buffers.Take());
        var capacity = rules.Capacity(request.Scale, request.Suffix.Length, request.NewTokens);
        var start = starts.Find(Picture);
        _begun = rules.Time.GetTimestamp();
        rules.Metrics?.Took("queue", rules.Time.GetElapsedTime(_lastToken, _begun));
        rules.Metrics?.PromptBegun(request.Scale, reused: start is not null);
        if (start is not null)
        {
            _sequence = arithmetic.Fork(start, rules.PrefixLength + request.Scale.Tokens, capacity);
            (_done, _seconds) = (request.Scale.Tokens, cost.Prefill(rules.PrefixLength, request.Scale.Tokens));
            request.Image.Dispose();
        }
        else
        {
            _sequence = arithmetic.Fork(prefix, rules.PrefixLength, capacity);
            _visual = TokenPooling.Reduce(request.Image.Features.Projected, request.Scale, rules.Pooling).squeeze(0).DetachFromDisposeScope();
        }
    }

    /// <summary>The next positions of the prompt, in the open dispose scope.</summary>
    public PrefillChunk Chunk(int positions)
    {
        var visual = Math.Clamp(request.Scale.Tokens - _done, 0, positions);
        var text = request.Suffix.AsMemory(Math.Max(0, _done - request.Scale.Tokens), positions - visual);
        var logits = positions == Left ? _logits.AsMemory() : default;
        return new PrefillChunk(Sequence, visual == 0 ? null : _visual?.narrow(0, _done, visual), text, logits) { Whole = Prompt };
    }

    /// <summary>Counts positions that were prefilled.</summary>
    public void Prefilled(int positions, double seconds)
    {
        _done += positions;
        _seconds += seconds;
        if (!HasPicture || _visual is null) return;
        LetPictureGo();
        _starts?.Share(Picture, Sequence);
    }

    /// <summary>The step that adds the last token to the sequence.</summary>
    public DecodeRow Row() => new(Sequence, _token, _logits);

    /// <summary>Chooses a token by the logits of the last pass and sends it; ends the call with the last one.</summary>
    /// <param name="seconds">What the pass took, this answer's share.</param>
    /// <exception cref="InvalidDataException">A logit is NaN or infinite: the weights are broken.</exception>
    public void Accept(double seconds)
    {
        var next = NextToken.Of(_logits);
        _token = request.Given is { } given ? given[_count] : _sampler.Choose(_logits, next);
        _count++;
        var text = _stop.Add(_text.Add(_token));
        var finish = _stop.HasCome ? FinishReason.Stop
            : _token == rules.EndId ? FinishReason.EndOfSequence
            : _count == request.NewTokens || Sequence.Length == rules.Context ? FinishReason.Length
            : FinishReason.None;
        if (finish is FinishReason.EndOfSequence or FinishReason.Length)
        {
            text += _stop.Add(_text.Finish());
            if (_stop.HasCome) finish = FinishReason.Stop;
            else text += _stop.Finish();
        }

        _tokens.Writer.TryWrite(new TokenEvidence(_token, text, next.LogProbability(_logits[_token]), next.Margin, next.Entropy, finish, Charge(seconds)));
        Time();
        if (finish == FinishReason.None) return;
        if (_count > 1) rules.Metrics?.Took("decode", rules.Time.GetElapsedTime(_firstToken, _lastToken));
        End();
    }

    protected override void OnEnded(Exception? fault)
    {
        LetPictureGo();
        if (_sequence is not null && HasPicture) _starts?.Leave(Picture, _sequence);
        else _sequence?.Dispose();
        _sequence = null;
        _buffers?.GiveBack(_logits);
        _tokens.Writer.TryComplete(fault);
    }

    private void Time()
    {
        var (since, now) = (_lastToken, rules.Time.GetTimestamp());
        _lastToken = now;
        if (_count > 1)
        {
            rules.Metrics?.NextToken(request.Scale, rules.Time.GetElapsedTime(since, now));
            return;
        }

        _firstToken = now;
        rules.Metrics?.FirstToken(request.Scale, rules.Time.GetElapsedTime(since, now));
        rules.Metrics?.Took("prefill", rules.Time.GetElapsedTime(_begun, now));
    }

    // The first token carries the visual tokens and the whole prefill behind the prefix.
    private Cost Charge(double seconds) => _count == 1
        ? new Cost(request.Scale.Tokens, rules.Cost.Pass(rules.PrefixLength, Prompt).Flops, _seconds)
        : new Cost(0, rules.Cost.Pass(Sequence.Length - 1, 1).Flops, seconds);

    private void LetPictureGo()
    {
        _visual?.Dispose();
        _visual = null;
        request.Image.Dispose();
    }
}
