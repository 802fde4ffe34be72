using M3.Adaptive.Core;
using M3.Adaptive.Predictor;
using M3.Adaptive.Predictor.Registry;
using M3.Adaptive.Training.Replay;
using M3.Adaptive.Training.Statistics;

namespace M3.Adaptive.Training.Retraining.Gating;

/// <summary>
/// Decides whether a challenger may follow the champion: it must not be worse on any set of labels that it is judged on. Each figure that is looked at is a
/// check with its bound; one that fails refuses the challenger. Pure but for the time of a decision, which is handed in.
/// </summary>
public static class PredictorGate
{
    private const double UsuallyOutOfRange = 0.05;                            // by the definition of the range

    private static readonly double[] Spends = [20, 58, 160];

    /// <param name="sets">At least one; none was fitted to.</param>
    /// <param name="overhead">Microseconds of a decision.</param>
    /// <exception cref="PredictorException">The labels are another model's.</exception>
    public static GateReport Judge(
        TrainedPredictor champion, TrainedPredictor challenger, string modelHash, IReadOnlyList<JudgedSet> sets, Overhead overhead, GateOptions options,
        CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfZero(sets.Count);
        List<GateCheck> checks = [];
        foreach (var set in sets)
        {
            cancellation.ThrowIfCancellationRequested();
            if (set.Table.Header.Model.Hash != modelHash)
                throw new PredictorException($"The labels {set.Name} are answers of {set.Table.Header.Model.Version}, not of the model with hash {modelHash}: label again.");
            checks.Add(AtLeast($"{set.Name}: questions", set.Table.Items.Count, options.LeastItems));
            if (set.Table.Items.Count >= options.LeastItems) checks.AddRange(Judge(set, champion, challenger, options, cancellation));
        }

        checks.Add(AtMost("microseconds of a decision", overhead.Challenger, Math.Max(options.FreeMicroseconds, options.OverheadFactor * overhead.Champion)));
        return new GateReport(checks);
    }

    private static IEnumerable<GateCheck> Judge(JudgedSet set, TrainedPredictor champion, TrainedPredictor challenger, GateOptions options, CancellationToken cancellation)
    {
        var duel = Duel.Of(set.Table, champion, challenger);
        var (before, after) = (Default(duel.Champion, champion, options), Default(duel.Challenger, challenger, options));
        var (costBefore, costAfter) = (Tokens(before), Tokens(after));
        var all = new EqualCost(duel, options.Draws);
        yield return AtLeast($"{set.Name}: accuracy at the champion's cost", EqualCost.Quantile(all.Advantage(costBefore), 1 - options.Sureness), -options.AccuracyMargin);
        yield return AtLeast($"{set.Name}: accuracy at 20 to 160 tokens", EqualCost.Quantile(all.Advantage(Spends), 1 - options.Sureness), -options.AccuracyMargin);
        yield return AtMost(
            $"{set.Name}: visual tokens a question", costAfter,
            options.FreeCostFactor * costBefore + Worth(Accuracy(after) - Accuracy(before), options.Defaults.Routing.PricePerVisualToken));
        yield return AtMost(
            $"{set.Name}: pictures out of the usual range", OutOfRange(duel.Challenger), Math.Max(OutOfRange(duel.Champion), UsuallyOutOfRange) + options.RangeMargin);
        yield return AtMost($"{set.Name}: calibration error", CalibrationExcess(duel, before, after, options), options.CalibrationMargin);

        foreach (var (slice, items) in Slices(set, before, options.LeastSlice))
        {
            cancellation.ThrowIfCancellationRequested();
            var advantage = new EqualCost(duel.Only(items), options.Draws).Advantage(items.Average(i => (double)before[i].Charged.VisualTokens));
            yield return AtLeast($"{set.Name}, {slice}: accuracy at the champion's cost", EqualCost.Quantile(advantage, options.Sureness), -options.SliceMargin);
        }
    }

    private static Routed[] Default(Forecasts forecasts, TrainedPredictor predictor, GateOptions options) =>
        Routed.All(forecasts.Table, EpisodeRouter.AtDefaults(forecasts, predictor.Prices, options.Defaults));

    /// <summary>Visual tokens that a gain in accuracy may cost: at a price of 0, every scale in turn.</summary>
    private static double Worth(double gain, double price) => gain > 0 ? Math.Min(gain / price, VisualScale.All.Sum(scale => scale.Tokens)) : 0;

    /// <summary>Share of the questions whose picture is stranger than 95 of 100 that the predictor was fitted to. Nearly all are where the encoder has changed.</summary>
    private static double OutOfRange(Forecasts forecasts) => forecasts.Before.Average(prediction => TrainedPredictor.PictureStrangeness(prediction) > 1 ? 1.0 : 0);

    /// <summary>By how much the challenger's calibration error surely exceeds the champion's, over the answers that each keeps.</summary>
    private static double CalibrationExcess(Duel duel, Routed[] before, Routed[] after, GateOptions options)
    {
        var worlds = new PictureResampling(duel.Table.Items.Select(item => item.Image), options.Draws);
        var (champion, challenger) = (Kept(duel.Champion, before), Kept(duel.Challenger, after));
        var excess = new double[worlds.Worlds];
        Parallel.For(0, excess.Length, world =>
        {
            double Error(Ranked kept) => kept.CalibrationError(weight: item => worlds.Weight(world, item));
            excess[world] = Error(challenger) - Error(champion);
        });
        return EqualCost.Quantile(excess, 1 - options.Sureness);
    }

    private static Ranked Kept(Forecasts forecasts, Routed[] routed) => new(
        [.. routed.Select((run, i) => forecasts.After[i][run.Path.Last.Rung].Reported[run.Path.Last.Rung])], [.. routed.Select(run => run.Right)]);

    /// <summary>Families, the champion's last scales and tenants that are large enough, with their items.</summary>
    private static IEnumerable<(string Name, int[] Items)> Slices(JudgedSet set, Routed[] champion, int least)
    {
        IEnumerable<(string Kind, Func<int, string> Of)> kinds =
        [
            ("family", i => set.Table.Items[i].Family), ("scale", i => $"{champion[i].Path.Last}"), ("tenant", i => set.Tenants[i]),
        ];
        return kinds.SelectMany(kind => Enumerable.Range(0, set.Table.Items.Count).Where(i => kind.Of(i).Length > 0).GroupBy(kind.Of)
            .Where(slice => slice.Count() >= least && slice.Count() < set.Table.Items.Count)
            .OrderBy(slice => slice.Key, StringComparer.Ordinal)
            .Select(slice => ($"{kind.Kind} {slice.Key}", slice.ToArray())));
    }

    private static double Accuracy(Routed[] routed) => routed.Average(run => run.Right ? 1.0 : 0);

    private static double Tokens(Routed[] routed) => routed.Average(run => (double)run.Charged.VisualTokens);

    private static GateCheck AtLeast(string name, double figure, double bound) => new(name, Math.Round(figure, 5), Math.Round(bound, 5), figure >= bound);

    private static GateCheck AtMost(string name, double figure, double bound) => new(name, Math.Round(figure, 5), Math.Round(bound, 5), figure <= bound);
}
