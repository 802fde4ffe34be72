using System.Diagnostics;
using M3.Adaptive.Core;
using M3.Adaptive.Predictor;
using M3.Adaptive.Routing;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Wishes;
using M3.Adaptive.Training.OracleLabelling;

namespace M3.Adaptive.Training.Evaluation.Router;

/// <summary>Accuracy and visual tokens of one way to answer.</summary>
/// <param name="VisualTokenShare">Charged visual tokens as a share of always using the finest scale.</param>
public sealed record WayToAnswer(double Accuracy, double VisualTokenShare);

/// <summary>The router under the default quality policy.</summary>
public sealed record QualityReport(double Accuracy, double AccuracyFinest, double VisualTokenShare);

/// <summary>How often answers were run again at a finer scale, and what that changed. A share of nothing is 0, never NaN.</summary>
/// <param name="Rate">Share of items with more than one step.</param>
/// <param name="Precision">Share of escalated items whose first answer was wrong.</param>
/// <param name="Recall">Share of wrong first answers that were escalated.</param>
/// <param name="Harm">Share of escalated items whose right first answer became wrong.</param>
public sealed record EscalationReport(double Rate, double Precision, double Recall, double Harm);

/// <summary>Time of one decision from stored features.</summary>
public sealed record DecisionTime(double P50, double P99);

/// <summary>A first judgement of a predictor on a table that it has not seen.</summary>
/// <param name="Baselines">Fixed scales, by tokens, and the oracles.</param>
/// <param name="Ece">Calibration error of each head, by tokens.</param>
public sealed record PredictorReport(
    string Predictor,
    int Items,
    QualityReport Quality,
    IReadOnlyDictionary<string, WayToAnswer> Baselines,
    IReadOnlyDictionary<string, double> Ece,
    EscalationReport Escalation,
    DecisionTime DecisionMicroseconds)
{
    public static PredictorReport Of(LabelTable table, TrainedPredictor predictor, RoutingOptions routing, EscalationOptions escalation)
    {
        var rules = WishResolver.Resolve(RoutingWish.Default, routing, escalation, predictor.Prices) with { ExplorationRate = 0 };
        var replayed = RouterReplay.Run(table, predictor, rules);
        float[][] success = [.. table.Items.Select(item => predictor.Predict(table.ImageFeatures[item.Image], item.Question).Success)];
        return new PredictorReport(
            predictor.Version,
            table.Items.Count,
            new QualityReport(
                replayed.Average(item => item.Right ? 1.0 : 0),
                Fixed(table, VisualScale.Finest).Accuracy,
                Share(replayed.Average(item => (double)item.Charged.VisualTokens))),
            BaselinesOf(table),
            VisualScale.All.ToDictionary(scale => scale.ToString(), scale => Ranking.CalibrationError(
                [.. success.Select(item => item[scale.Rung])], [.. table.Items.Select(item => item.Outcomes[scale.Rung].Right)])),
            EscalationOf(table, replayed),
            Time(table, predictor));
    }

    private static Dictionary<string, WayToAnswer> BaselinesOf(LabelTable table)
    {
        var baselines = VisualScale.All.ToDictionary(scale => scale.ToString(), scale => Fixed(table, scale));
        baselines["oracle"] = Chosen(table, Oracle.Scale, monotone: false);
        baselines["monotoneOracle"] = Chosen(table, Oracle.MonotoneScale, monotone: true);
        return baselines;
    }

    private static WayToAnswer Fixed(LabelTable table, VisualScale scale) => Chosen(table, _ => scale, monotone: false);

    private static WayToAnswer Chosen(LabelTable table, Func<LabelItem, VisualScale> choose, bool monotone) => new(
        table.Items.Average(item => Oracle.IsRight(item, choose(item), monotone) ? 1.0 : 0),
        Share(table.Items.Average(item => (double)choose(item).Tokens)));

    private static EscalationReport EscalationOf(LabelTable table, IReadOnlyList<ReplayedItem> replayed)
    {
        var first = table.Items.Zip(replayed, (item, run) => (Right: item.Outcomes[run.Path[0].Rung].Right, Run: run)).ToArray();
        var escalated = first.Where(item => item.Run.Path.Count > 1).ToArray();
        var wrong = first.Where(item => !item.Right).ToArray();
        return new EscalationReport(
            Part(escalated.Length, first.Length),
            Part(escalated.Count(item => !item.Right), escalated.Length),
            Part(wrong.Count(item => item.Run.Path.Count > 1), wrong.Length),
            Part(escalated.Count(item => item.Right && !item.Run.Right), escalated.Length));
    }

    private static DecisionTime Time(LabelTable table, TrainedPredictor predictor)
    {
        var microseconds = new double[Math.Max(1000, table.Items.Count)];
        for (var i = 0; i < microseconds.Length; i++)
        {
            var item = table.Items[i % table.Items.Count];
            var start = Stopwatch.GetTimestamp();
            predictor.Predict(table.ImageFeatures[item.Image], item.Question);
            microseconds[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }

        Array.Sort(microseconds);
        return new DecisionTime(microseconds[microseconds.Length / 2], microseconds[microseconds.Length * 99 / 100]);
    }

    private static double Share(double meanTokens) => meanTokens / VisualScale.Finest.Tokens;

    private static double Part(int part, int whole) => whole == 0 ? 0 : (double)part / whole;
}
