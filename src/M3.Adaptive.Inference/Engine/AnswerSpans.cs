using System.Diagnostics;
using M3.Adaptive.Core;

namespace M3.Adaptive.Inference.Engine;

/// <summary>The spans of one answer beneath its caller's: <c>prefill</c> from admission to the first token, then <c>decode</c>.</summary>
internal sealed class AnswerSpans : IDisposable
{
    private readonly ActivityContext _caller = Activity.Current?.Context ?? default;
    private readonly VisualScale _scale;
    private Activity? _current;
    private int _tokens;

    public AnswerSpans(VisualScale scale)
    {
        _scale = scale;
        Begin("prefill");
    }

    /// <summary>A token has come.</summary>
    public void Token()
    {
        if (++_tokens > 1) return;
        _current?.Dispose();
        Begin("decode");
    }

    public void Dispose()
    {
        _current?.SetTag("m3.tokens", _tokens);
        _current?.Dispose();
    }

    // Never the current span of its caller, who goes on between two tokens.
    private void Begin(string name)
    {
        var callers = Activity.Current;
        _current = InferenceMetrics.Spans.StartActivity(name, ActivityKind.Internal, _caller);
        _current?.SetTag("m3.scale", _scale.Tokens);
        Activity.Current = callers;
    }
}
