using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using M3.Adaptive.Core;
using Microsoft.Extensions.Logging;

namespace M3.Adaptive.Routing.Tests.Doubles;

internal sealed class FakePredictor : IScalePredictor
{
    public Func<string, ScalePrediction?> OnPredict { get; set; } = _ => Costs.Prediction(0.2f, 0.4f, 0.6f, 0.85f, 0.9f);

    public string Version => "predictor-1";

    public bool TryPredict(ImageEvidence image, string question, [NotNullWhen(true)] out ScalePrediction? prediction)
    {
        prediction = OnPredict(question);
        return prediction is not null;
    }
}

internal sealed class FakeConfidence : IConfidence
{
    public Func<VisualScale, float> OnJudge { get; set; } = _ => 1;

    public float Of(IReadOnlyList<TokenEvidence> answer, VisualScale scale, ScalePrediction? prior) => OnJudge(scale);
}

internal sealed class FakeDecisionLog : IDecisionLog
{
    public List<DecisionRecord> Decisions { get; } = [];

    public Func<DecisionRecord, Task> OnAppend { get; set; } = _ => Task.CompletedTask;

    public async ValueTask AppendAsync(DecisionRecord decision, CancellationToken cancellation)
    {
        await OnAppend(decision);
        Decisions.Add(decision);
    }
}

internal sealed class FakeLogger : ILogger
{
    public List<(LogLevel Level, string Message)> Lines { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Add((logLevel, formatter(state, exception)));
}

internal sealed class FakeLogger<T>(FakeLogger inner) : ILogger<T>
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        inner.Log(logLevel, eventId, state, exception, formatter);
}

internal sealed class FakeMeters : IMeterFactory
{
    public Meter Create(MeterOptions options) => new(options.Name);

    public void Dispose()
    {
    }
}
