using System.Diagnostics;
using M3.Adaptive.Core;
using M3.Adaptive.Routing.Telemetry;

namespace M3.Adaptive.Routing.Requests;

/// <summary>One run of the language model, read token by token. Disposing of it stops the run within one step. Belongs to one request; not thread-safe.</summary>
internal sealed class ScaleRun : IAsyncDisposable
{
    private readonly IAsyncEnumerator<TokenEvidence> _source;
    private readonly Action<Cost> _charge;
    private readonly TimeProvider _clock;
    private readonly Activity? _span;
    private readonly List<TokenEvidence> _tokens = [];
    private Task<bool>? _first;

    private ScaleRun(VisualScale scale, IAsyncEnumerator<TokenEvidence> source, Task<bool> first, Action<Cost> charge, TimeProvider clock, Activity? span) =>
        (Scale, _source, _first, _charge, _clock, _span) = (scale, source, first, charge, clock, span);

    public VisualScale Scale { get; }

    /// <summary>Those that were read so far.</summary>
    public IReadOnlyList<TokenEvidence> Tokens => _tokens;

    /// <summary>Whether the last token was read.</summary>
    public bool IsComplete => _tokens is [.., { Finish: not FinishReason.None }];

    /// <summary>When the first token came, as the clock's timestamp; 0 before.</summary>
    public long FirstAt { get; private set; }

    /// <summary>When the last token that was read came.</summary>
    public long LastAt { get; private set; }

    /// <summary>Begins a run. What the generator refuses at its door is thrown here, before anything else is given up for it.</summary>
    /// <param name="charge">Told what each token was charged as it is read: what ran is charged, whatever ends the run.</param>
    /// <exception cref="ContextLengthException">The prompt does not fit.</exception>
    /// <exception cref="OverloadedException">Too many calls wait already.</exception>
    /// <exception cref="TooLargeException">The answer may need more memory than all answers may take.</exception>
    public static async Task<ScaleRun> EnterAsync(IGenerator generator, GenerationRequest request, Action<Cost> charge, TimeProvider clock, CancellationToken cancellation)
    {
        var span = RoutingMetrics.Spans.StartActivity("generate")?.SetTag("m3.scale", request.Scale.Tokens);
        var source = generator.GenerateAsync(request, cancellation).GetAsyncEnumerator(cancellation);
        var first = source.MoveNextAsync().AsTask();
        if (!first.IsFaulted) return new ScaleRun(request.Scale, source, first, charge, clock, span);
        span?.Dispose();
        await source.DisposeAsync();
        await first;
        throw new UnreachableException("A task that has failed throws.");
    }

    /// <summary>Reads the next token.</summary>
    /// <exception cref="InvalidOperationException">The generator ended without a last token.</exception>
    public async Task<TokenEvidence> ReadAsync()
    {
        var next = _first ?? _source.MoveNextAsync().AsTask();
        _first = null;
        if (!await next) throw new InvalidOperationException($"The generator ended after {_tokens.Count} tokens without a last one at {Scale} visual tokens.");
        _tokens.Add(_source.Current);
        LastAt = _clock.GetTimestamp();
        if (_tokens.Count == 1) FirstAt = LastAt;
        _charge(_source.Current.Charged);
        return _source.Current;
    }

    public async ValueTask DisposeAsync()
    {
        _span?.Dispose();
        await _source.DisposeAsync();
    }
}
