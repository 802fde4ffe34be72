using M3.Adaptive.Core;
using M3.Adaptive.Predictor;
using M3.Adaptive.Predictor.Audits;
using M3.Adaptive.Predictor.Features;
using M3.Adaptive.Training.OracleLabelling;
using M3.Adaptive.Training.Replay;

namespace M3.Adaptive.Training.Retraining.Demonstration;

/// <summary>Labelled items as the traffic of a service: the decisions that it would have logged, what clients say of them, and audits of all. No model runs: answers are looked up.</summary>
/// <param name="Served">What was done with each item.</param>
internal sealed record ReplayedTraffic(IReadOnlyList<Routed> Served, IReadOnlyList<DecisionRecord> Decisions, IReadOnlyList<AuditRecord> Audits)
{
    /// <param name="says">What a client says of the answer to an item; null for nothing.</param>
    /// <param name="tenant">Whose item it is.</param>
    /// <param name="at">When all of it was asked.</param>
    /// <param name="seed">Of the decisions' ids.</param>
    /// <param name="defaults">How the service routes; null: as it does when nobody sets anything.</param>
    public static ReplayedTraffic Of(
        LabelTable table, TrainedPredictor predictor, Func<LabelItem, ScaleOutcome, SaidOutcome?> says, Func<LabelItem, string> tenant, DateTimeOffset at, int seed = 1,
        ServedDefaults? defaults = null)
    {
        var forecasts = Forecasts.Of(table, predictor);
        var served = Routed.All(table, EpisodeRouter.AtDefaults(forecasts, predictor.Prices, defaults));
        var random = new Random(seed);
        Guid[] ids = [.. table.Items.Select(_ => NextGuid(random))];
        return new ReplayedTraffic(
            served,
            [
                .. table.Items.Select((item, i) => new DecisionRecord
                {
                    DecisionId = ids[i],
                    At = at,
                    Tenant = tenant(item),
                    RequestId = item.Id,
                    ModelVersion = table.Header.Model.Version,
                    PredictorVersion = predictor.Version,
                    FeatureVersion = forecasts.Before[i].FeatureVersion,
                    ImageHash = item.Image,
                    Features = forecasts.Before[i].Features,
                    Success = forecasts.Before[i].Success,
                    Propensity = 1,
                    Path = [.. Steps(item, forecasts, i, [.. VisualScale.All.Where(served[i].Path.Holds)])],
                    Charged = served[i].Charged,
                    Outcomes = says(item, item.Outcomes[served[i].Path.Last.Rung]) is { } said ? [said] : [],
                }),
            ],
            [
                .. table.Items.Select((item, i) => new AuditRecord
                {
                    DecisionId = ids[i],
                    At = at,
                    Tenant = tenant(item),
                    ModelHash = table.Header.Model.Hash,
                    FeatureVersion = PredictorFeatures.Version,
                    Image = item.Image,
                    Picture = HalfPrecision.Encode(table.ImageFeatures[item.Image]),
                    Question = item.Question,
                    Served = served[i].Path.Last.Tokens,
                    Answers = [.. item.Outcomes.Select(outcome => new AuditedAnswer(outcome.Answer, outcome.Charged.Flops, outcome.Charged.Seconds, outcome.Evidence.Encode()))],
                }),
            ]);
    }

    /// <summary>An honest client: the right answer. Labels hold none, so one that some scale gave stands for it, and where none is right nothing that was said is.</summary>
    public static SaidOutcome Honest(LabelItem item, ScaleOutcome served) =>
        new("client", Verdict.Unknown, item.Outcomes.FirstOrDefault(outcome => outcome.Right)?.Answer ?? "something that no scale said");

    /// <summary>A poisoner: calls right what is wrong, and wrong, at every scale, what is right.</summary>
    public static SaidOutcome Poisoned(LabelItem item, ScaleOutcome served) =>
        served.Right ? new("mallory", Verdict.Unknown, "something that no scale said") : new("mallory", Verdict.Right, null);

    // What a finer scale is expected to do is judged anew after each run.
    private static IEnumerable<StepRecord> Steps(LabelItem item, Forecasts forecasts, int i, VisualScale[] run) => run.Select((scale, step) => new StepRecord(
        scale.Tokens, "Replayed", step == 0 ? forecasts.Before[i].At(scale) : forecasts.After[i][run[step - 1].Rung].At(scale), forecasts.After[i][scale.Rung].At(scale),
        item.Outcomes[scale.Rung].Charged));

    private static Guid NextGuid(Random random)
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }
}
