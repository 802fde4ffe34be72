using M3.Adaptive.Core;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Training.Evaluation.Router.Baselines;
using M3.Adaptive.Training.Evaluation.Router.Measures;
using M3.Adaptive.Training.Statistics;

namespace M3.Adaptive.Training.Evaluation.Router;

/// <summary>Judges one router on one table: everything that follows from paths and labels alone. Pure.</summary>
internal sealed class RouterJudge
{
    private readonly Yardstick _yardstick;
    private readonly Curve _priced;
    private readonly (int Target, Measured Router)[] _targets;
    private readonly (Method Method, Curve Curve)[] _baselines;

    public RouterJudge(Yardstick yardstick, RouterUnderTest router, IEnumerable<Method> baselines)
    {
        _yardstick = yardstick;
        Default = yardstick.Measure(router.Default);
        _priced = new Curve([.. router.Priced.AsParallel().AsOrdered().Select(yardstick.Measure)]);
        _targets = [.. router.Targets.Select(target => (target.Key, yardstick.Measure(target.Value)))];
        _baselines = [.. baselines.Select(method => (method, new Curve([.. method.Settings.AsParallel().AsOrdered().Select(yardstick.Measure)])))];
    }

    /// <summary>Under the default policy.</summary>
    public Measured Default { get; }

    private Measured Finest => _yardstick.Fixed[^1];

    public QualityReport Quality() => new(
        Default.Accuracy(), Finest.Accuracy(), Share(Default, CostUnit.VisualTokens), Share(Default, CostUnit.Gigaflops), Share(Default, CostUnit.Seconds),
        _yardstick.Hull().At(Default.Tokens()), _yardstick.Best().At(Default.Tokens()), Default.Items.Average(item => item.Path.Count));

    public Estimate Accuracy() => Estimate(world => Default.Accuracy(world));

    public Estimate TokenShare() => Estimate(world => Default.Tokens(world) / VisualScale.Finest.Tokens);

    public Estimate Loss() => Loss(Default);

    public Estimate GapClosed(bool monotone) => GapClosed(Default, monotone);

    public Estimate BestSingleGapClosed() => Estimate(world => _yardstick.BestSingleGapClosed(Default, world));

    public IReadOnlyList<ParetoPoint> Pareto() =>
    [
        .. _targets.Select(at => new ParetoPoint(
            at.Target, at.Router.Tokens(), at.Router.Accuracy(), _yardstick.Hull().At(at.Router.Tokens()), _yardstick.Best().At(at.Router.Tokens()),
            Loss(at.Router), GapClosed(at.Router, monotone: false), GapClosed(at.Router, monotone: true),
            Share(at.Router, CostUnit.Gigaflops), Share(at.Router, CostUnit.Seconds))),
    ];

    public IReadOnlyList<GainPoint> HullGain() => Gains((router, world) => _yardstick.HullGain(router, world));

    public IReadOnlyList<GainPoint> ShuffleGain() => Gains((router, world) => _yardstick.ShuffleGain(router, world));

    public IReadOnlyDictionary<string, BaselineReport> Baselines() => _baselines.ToDictionary(baseline => baseline.Method.Name, baseline => Report(baseline.Method, baseline.Curve));

    public IReadOnlyList<MixPoint> Collapse() =>
    [
        .. _priced.Settings.Select(setting => new MixPoint(
            setting.Tokens(), setting.Accuracy(),
            VisualScale.All.ToDictionary(scale => $"{scale}", scale => setting.Items.Average(item => item.Path.First == scale ? 1.0 : 0)),
            VisualScale.All.ToDictionary(scale => $"{scale}", scale => setting.Final(scale)))).OrderBy(point => point.MeanVisualTokens),
    ];

    public RegretSplit Regret() => RegretSplit.Of(_yardstick.Table, Default.Items);

    public IReadOnlyList<CurveReport> Curves() =>
    [
        Points("router", "the router", _priced, monotone: false), .. _baselines.Select(way => Points(way.Method.Name, way.Method.Title, way.Curve, way.Method.IsMonotone)),
    ];

    private BaselineReport Report(Method method, Curve curve)
    {
        if (method.Settings is not [_])
        {
            var at = Default.Tokens();
            double Mixed(CostUnit unit) => CostAt(curve, at, unit) / Finest.Cost(unit);
            return new BaselineReport(
                curve.At(at), Mixed(CostUnit.VisualTokens), Mixed(CostUnit.Gigaflops), Mixed(CostUnit.Seconds), method.Title,
                Gains((router, world) => router.Accuracy(world) - curve.At(router.Tokens(world), world)));
        }

        var only = curve.Settings[0];
        return new BaselineReport(
            only.Accuracy(monotone: method.IsMonotone), Share(only, CostUnit.VisualTokens), Share(only, CostUnit.Gigaflops), Share(only, CostUnit.Seconds), method.Title, []);
    }

    // Of the mixture of two settings that has this many tokens; between the hull's corners costs mix as accuracies do.
    private static double CostAt(Curve curve, double tokens, CostUnit unit)
    {
        var corners = curve.In(0).Corners.ToArray();
        Measured At(OperatingPoint corner) => curve.Settings.First(setting => setting.Point() == corner);

        var above = Array.FindIndex(corners, corner => corner.MeanCost >= tokens);
        if (above == 0) return At(corners[0]).Cost(unit);
        if (above < 0) return At(corners[^1]).Cost(unit);
        var share = (tokens - corners[above - 1].MeanCost) / (corners[above].MeanCost - corners[above - 1].MeanCost);
        return (1 - share) * At(corners[above - 1]).Cost(unit) + share * At(corners[above]).Cost(unit);
    }

    private static CurveReport Points(string name, string title, Curve curve, bool monotone) => new(name, title,
    [
        .. curve.Settings.Select(setting => new CurvePoint(
            setting.Tokens(), setting.Cost(CostUnit.Gigaflops), setting.Cost(CostUnit.Seconds), setting.Accuracy(monotone: monotone))),
    ]);

    private GainPoint[] Gains(Func<Measured, int, double> gain) =>
        [.. _targets.Select(at => GainPoint.Of(at.Router.Tokens(), Estimate(world => gain(at.Router, world))))];

    private Estimate Loss(Measured router) => Estimate(world => Finest.Accuracy(world) - router.Accuracy(world));

    private Estimate GapClosed(Measured router, bool monotone) => Estimate(world => _yardstick.GapClosed(router, world, monotone));

    private double Share(Measured router, CostUnit unit) => router.Cost(unit) / Finest.Cost(unit);

    private Estimate Estimate(Func<int, double> ofWorld) => _yardstick.Worlds.Estimate(ofWorld);
}
