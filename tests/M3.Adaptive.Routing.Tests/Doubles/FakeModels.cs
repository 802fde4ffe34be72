using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using M3.Adaptive.Core;

namespace M3.Adaptive.Routing.Tests.Doubles;

internal sealed class FakePredictor : IScalePredictor
{
    public Func<string, ScalePrediction?> OnPredict { get; set; } = _ => Costs.Prediction(0.2f, 0.4f, 0.6f, 0.85f, 0.9f);

    /// <summary>The confidence in an answer.</summary>
    public Func<VisualScale, float> OnJudge { get; set; } = _ => 1;

    public string Version => "predictor-1";

    public bool TryPredict(ImageEvidence image, string question, [NotNullWhen(true)] out ScalePrediction? prediction)
    {
        prediction = OnPredict(question);
        return prediction is not null;
    }

    public AnswerForecast AfterRun(ScalePrediction prior, string question, VisualScale scale, IReadOnlyList<TokenEvidence> answer)
    {
        float[] success = [.. VisualScale.All.Select(rung => rung < scale ? float.NaN : rung == scale ? OnJudge(scale) : prior.At(rung))];
        return new AnswerForecast(success, success, Unfamiliarity: 0, Unfamiliar: false, prior.Features);
    }
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

/// <summary>Makes meters that a collector can tell from those of other tests.</summary>
internal sealed class FakeMeters : IMeterFactory
{
    private readonly List<Meter> _meters = [];

    public Meter Create(MeterOptions options)
    {
        options.Scope = this;
        _meters.Add(new Meter(options));
        return _meters[^1];
    }

    public void Dispose() => _meters.ForEach(meter => meter.Dispose());
}
