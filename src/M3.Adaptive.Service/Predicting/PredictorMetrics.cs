using System.Diagnostics.Metrics;
using M3.Adaptive.Predictor.Registry;
using M3.Adaptive.Service.Predicting.Canary;
using M3.Adaptive.Store.Trials;

namespace M3.Adaptive.Service.Predicting;

/// <summary>Which predictors serve, whether they are those that the registry names, and how a trial goes.</summary>
internal sealed class PredictorMetrics
{
    public const string Name = "M3.Adaptive.Service.Predicting";

    private readonly Counter<long> _takenBack;
    private TrialFigures? _figures;

    public PredictorMetrics(IMeterFactory meters, PredictorRoster roster)
    {
        var meter = meters.Create(Name);
        meter.CreateObservableGauge("m3.predictor.version", () => Versions(roster.Served), "{version}", "Number of the version that serves, by alias and stage; 0 for one that is in no registry.");
        meter.CreateObservableGauge("m3.predictor.fault", () => roster.Served.Fault is null ? 0 : 1, "{fault}", "1 while what the registry names cannot be served.");
        meter.CreateObservableGauge("m3.canary.answers", () => Figures(static arm => arm.Answers), "{answer}", "Answers since the trial began, by alias.");
        meter.CreateObservableGauge("m3.canary.outcomes", () => Figures(static arm => arm.Outcomes), "{answer}", "Those of them whose outcome is known, by alias.");
        meter.CreateObservableGauge("m3.canary.right", () => Figures(static arm => CanaryTest.Share(arm) ?? double.NaN), "{share}", "Share of right answers among those, by alias.");
        meter.CreateObservableGauge("m3.canary.visual_tokens", () => Figures(static arm => arm.MeanVisualTokens), "{token}", "Visual tokens charged to an answer on average, by alias.");
        _takenBack = meter.CreateCounter<long>("m3.canary.taken_back", "{canary}", "Canaries that were taken back because they proved worse.");
    }

    /// <param name="figures">Null while no trial runs.</param>
    public void Compared(TrialFigures? figures) => Volatile.Write(ref _figures, figures);

    public void TakenBack() => _takenBack.Add(1);

    private static IEnumerable<Measurement<int>> Versions(ServedPredictors served)
    {
        yield return new(served.Champion.Number ?? 0, new("alias", "champion"), new("stage", "serving"));
        if (served is { Challenger: { Number: { } number }, Trial: { } trial })
            yield return new(number, new("alias", "challenger"), new("stage", trial.Stage == ChallengerStage.Shadow ? "shadow" : trial.Stage == ChallengerStage.Canary ? "canary" : "experiment"));
    }

    private IEnumerable<Measurement<double>> Figures(Func<TrialArm, double> figure) => Volatile.Read(ref _figures) is not { } figures ? [] :
    [
        new(figure(figures.Champion), new KeyValuePair<string, object?>("alias", "champion")),
        new(figure(figures.Challenger), new KeyValuePair<string, object?>("alias", "challenger")),
    ];
}
