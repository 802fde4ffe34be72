using System.Diagnostics;
using M3.Adaptive.Core;
using M3.Adaptive.Predictor;
using M3.Adaptive.Predictor.Artifact;
using M3.Adaptive.Routing;
using M3.Adaptive.Training.Evaluation.Router.Baselines;
using M3.Adaptive.Training.Evaluation.Router.Measures;
using M3.Adaptive.Training.OracleLabelling;
using M3.Adaptive.Training.Replay;
using M3.Adaptive.Training.Statistics;

namespace M3.Adaptive.Training.Evaluation.Router;

/// <summary>What a judgement needs: a predictor, the labels to judge it on, and labels of the same model beside them.</summary>
/// <param name="Fitted">How the predictor's prices were found.</param>
/// <param name="Table">The judged labels: nothing is fitted to them.</param>
/// <param name="IsForeign">Whether it is none of the model's own splits.</param>
/// <param name="Calibration">Where the redraws behind the check of the guarantee come from; null leaves it out.</param>
/// <param name="Known">Where baselines are fitted; null leaves these out.</param>
/// <param name="Strange">By name: sets unlike the labels that predictors are fitted to.</param>
/// <param name="Twins">The judged pictures saved in another format; null when there are none.</param>
/// <param name="EncodeFlops">Of encoding one picture.</param>
internal sealed record RouterEvidence(
    TrainedPredictor Predictor,
    FittedPrices? Fitted,
    LabelTable Table,
    bool IsForeign,
    LabelTable? Calibration,
    LabelTable? Known,
    IReadOnlyDictionary<string, LabelTable> Strange,
    LabelTable? Twins,
    double EncodeFlops);

/// <summary>Puts a whole report together.</summary>
internal static class RouterEvaluation
{
    public static RouterReport Run(RouterEvidence evidence, RoutingOptions options, int draws = PictureResampling.DefaultDraws)
    {
        var (predictor, table) = (evidence.Predictor, evidence.Table);
        var forecasts = Forecasts.Of(table, predictor);
        var yardstick = new Yardstick(table, draws);
        var judge = new RouterJudge(yardstick, RouterUnderTest.Of(forecasts, predictor.Prices, options), AllBaselines.Of(forecasts, evidence.Known));

        var calibrations = VisualScale.All.ToDictionary(scale => $"{scale}", scale => ScaleCredibility.Of(yardstick.Worlds, forecasts, scale));
        var escalation = EscalationReport.Estimates(yardstick.Worlds, table, judge.Default.Items);
        var report = new RouterReport(
            predictor.Version, table.Header.Model, table.Header.Split, table.Items.Count, table.ImageFeatures.Count, [],
            judge.Quality(), judge.GapClosed(monotone: false), judge.GapClosed(monotone: true), judge.BestSingleGapClosed(),
            judge.Pareto(), judge.HullGain(), judge.ShuffleGain(), judge.Baselines(), judge.Collapse(), judge.Regret(),
            Ceilings(yardstick, forecasts, predictor, options), EscalationReport.Of(escalation),
            evidence is { Fitted: { } fitted, Calibration: { } calibration } ? GuaranteeCheck.Of(predictor, fitted, calibration, forecasts, evidence.IsForeign, judge.Loss(), options.Risk) : null,
            calibrations.ToDictionary(scale => scale.Key, scale => scale.Value.Confidence.Ece.Value), calibrations,
            Reliability(forecasts), Familiarities(evidence, options, draws), judge.Curves(),
            Intervals(judge, escalation, calibrations),
            Time(table, predictor, judge.Default.Items), evidence.EncodeFlops,
            evidence.Twins is { } twins ? LabelLuck.Of(table, twins, draws) : null);
        return report with { Summary = RouterSummary.Of(report) };
    }

    private static Dictionary<string, CeilingReport> Ceilings(Yardstick yardstick, Forecasts forecasts, TrainedPredictor predictor, RoutingOptions options)
    {
        var parts = new Dictionary<string, Forecasts>
        {
            ["perfectStart"] = Truth.InStart(forecasts),
            ["perfectConfidence"] = Truth.InConfidence(forecasts),
            ["perfectForecasts"] = Truth.InForecasts(forecasts),
        };
        return parts.ToDictionary(part => part.Key, part =>
        {
            var measured = yardstick.Measure(RouterUnderTest.Of(part.Value, predictor.Prices, options).Default);
            return new CeilingReport(measured.Accuracy(), measured.Tokens(), yardstick.Worlds.Estimate(world => yardstick.GapClosed(measured, world, monotone: false)));
        });
    }

    private static Dictionary<string, IReadOnlyList<ReliabilityBin>> Reliability(Forecasts forecasts) => VisualScale.All.ToDictionary(
        scale => $"{scale}",
        scale => (IReadOnlyList<ReliabilityBin>)
        [
            .. new Ranked([.. forecasts.After.Select(after => after[scale.Rung].At(scale))], [.. forecasts.Table.Items.Select(item => item.Outcomes[scale.Rung].Right)])
                .Reliability().Select(bin => new ReliabilityBin(bin.Probability, bin.Right)),
        ]);

    private static Dictionary<string, Familiarity> Familiarities(RouterEvidence evidence, RoutingOptions options, int draws)
    {
        IEnumerable<(string Name, LabelTable Table)> sets = [(evidence.Table.Header.Split, evidence.Table), .. evidence.Strange.Select(set => (set.Key, set.Value))];
        return sets.DistinctBy(set => set.Name).ToDictionary(set => set.Name, set =>
        {
            var forecasts = Forecasts.Of(set.Table, evidence.Predictor);
            var router = RouterUnderTest.Of(forecasts, evidence.Predictor.Prices, options).Default;
            var worlds = new PictureResampling(set.Table.Items.Select(item => item.Image), draws);
            return Familiarity.Of(worlds, forecasts, Routed.All(set.Table, router));
        });
    }

    private static Dictionary<string, Estimate> Intervals(
        RouterJudge judge, IReadOnlyDictionary<string, Estimate> escalation, IReadOnlyDictionary<string, ScaleCredibility> calibrations) => new Dictionary<string, Estimate>
        {
            ["quality.accuracy"] = judge.Accuracy(),
            ["quality.visualTokenShare"] = judge.TokenShare(),
            ["quality.loss"] = judge.Loss(),
        }
        .Concat(escalation.Select(figure => KeyValuePair.Create($"escalation.{figure.Key}", figure.Value)))
        .Concat(calibrations.Select(scale => KeyValuePair.Create($"ece.{scale.Key}", scale.Value.Confidence.Ece)))
        .ToDictionary();

    // Every decision of the replayed paths, from stored features: the start, and one behind each run.
    private static DecisionTime Time(LabelTable table, TrainedPredictor predictor, IReadOnlyList<Routed> routed)
    {
        List<double> microseconds = [];
        for (var i = 0; i < table.Items.Count; i++)
        {
            var item = table.Items[i];
            var start = Stopwatch.GetTimestamp();
            var before = predictor.Predict(table.ImageFeatures[item.Image], item.Question);
            microseconds.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            foreach (var scale in VisualScale.All.Where(routed[i].Path.Holds))
            {
                var outcome = item.Outcomes[scale.Rung];
                start = Stopwatch.GetTimestamp();
                predictor.AfterRun(before, item.Question, scale, outcome.Evidence, outcome.Answer);
                microseconds.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            }
        }

        microseconds.Sort();
        return new DecisionTime(microseconds[microseconds.Count / 2], microseconds[microseconds.Count * 99 / 100]);
    }
}
