using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using M3.Adaptive.Core;

namespace M3.Adaptive.Routing.Tests.Doubles;

internal sealed class FakePredictor : IScalePredictor
{
    public Func<string, ScalePrediction?> OnPredict { get; set; } = _ => Costs.Prediction(0.2f, 0.4f, 0.6f, 0.85f, 0.9f);

    /// <summary>The confidence in an answer.</summary>
    public Func<VisualScale, float> OnJudge { get; set; } = _ => 1;

    /// <summary>The confidence in an answer by its tokens so far; null: <see cref="OnJudge"/> tells.</summary>
    public Func<IReadOnlyList<TokenEvidence>, float>? OnJudgeTokens { get; set; }

    /// <summary>By how much replies are told less than routing.</summary>
    public float Correction { get; set; }

    public bool Unfamiliar { get; set; }

    public PriceTable Prices { get; set; } = new(
        [new(0.005, 0.1, 0.0001), new(0.01, 0.1, 0.0004), new(0.05, 0.1, 0.001)], [new(10, 0.01), new(58, 0.00065), new(300, 0.00001)]);

    public string Version { get; init; } = "predictor-1";

    public bool TryPredict(ImageEvidence image, string question, [NotNullWhen(true)] out ScalePrediction? prediction)
    {
        prediction = OnPredict(question) is { } success ? success with { Reported = Corrected(success.Success) } : null;
        return prediction is not null;
    }

    public AnswerForecast AfterRun(ScalePrediction prior, string question, VisualScale scale, IReadOnlyList<TokenEvidence> answer)
    {
        float[] success = [.. VisualScale.All.Select(rung => rung < scale ? float.NaN : rung == scale ? OnJudgeTokens?.Invoke(answer) ?? OnJudge(scale) : prior.At(rung))];
        return new AnswerForecast(success, Corrected(success), Unfamiliarity: 0, Unfamiliar, prior.Features);
    }

    private float[] Corrected(float[] success) => [.. success.Select(value => value - Correction)];
}

/// <summary>One predictor for every request, unless a test says otherwise.</summary>
internal sealed class FakeRoster(FakePredictor champion) : IPredictorRoster
{
    public Func<string, string?, PredictorTurn> OnTurn { get; set; } = (_, _) => new PredictorTurn(champion);

    public IScalePredictor Champion => champion;

    public bool IsGuaranteed { get; set; } = true;

    public PredictorTurn TurnOf(string tenant, string? requestId) => OnTurn(tenant, requestId);
}

internal sealed class FakeDecisionLog : IDecisionLog
{
    public List<DecisionRecord> Decisions { get; } = [];

    /// <summary>Where settlements go that are kept with a decision.</summary>
    public FakeLedger? Ledger { get; set; }

    public Func<DecisionRecord, Task> OnAppend { get; set; } = _ => Task.CompletedTask;

    public async ValueTask AppendAsync(DecisionRecord decision, BudgetSettlement? settlement, CancellationToken cancellation)
    {
        await OnAppend(decision);
        if (settlement is not null) Ledger?.Settle(settlement);
        Decisions.Add(decision);
    }
}

internal sealed class FakeOutcomeLog : IOutcomeLog
{
    public List<OutcomeRecord> Kept { get; } = [];

    public Func<OutcomeRecord, JudgedDecision?> OnRecord { get; set; } = _ => new JudgedDecision(Last: null, Before: null);

    public ValueTask<JudgedDecision?> RecordAsync(OutcomeRecord outcome, CancellationToken cancellation)
    {
        Kept.Add(outcome);
        return ValueTask.FromResult(OnRecord(outcome));
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
