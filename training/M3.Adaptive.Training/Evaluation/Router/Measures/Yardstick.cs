using M3.Adaptive.Core;
using M3.Adaptive.Training.OracleLabelling;
using M3.Adaptive.Training.Replay;
using M3.Adaptive.Training.Statistics;

namespace M3.Adaptive.Training.Evaluation.Router.Measures;

/// <summary>
/// What routers of one table are held against: its fixed scales, their hull and the best choice under a budget, in every world of one resampling.
/// Monotone variants count an answer as right only if it is right at every finer scale, too, for router, hull and oracle alike.
/// </summary>
public sealed class Yardstick
{
    private readonly Variant _raw, _monotone;

    /// <param name="table">At least one item.</param>
    public Yardstick(LabelTable table, int draws = PictureResampling.DefaultDraws, int seed = 1)
    {
        Table = table;
        Worlds = new PictureResampling(table.Items.Select(item => item.Image), draws, seed);
        Fixed = [.. VisualScale.All.Select(scale => Measure(new Always(scale)))];
        _raw = new Variant(this, monotone: false);
        _monotone = new Variant(this, monotone: true);
    }

    public LabelTable Table { get; }

    public PictureResampling Worlds { get; }

    /// <summary>By rung.</summary>
    public IReadOnlyList<Measured> Fixed { get; }

    public Measured Measure(IRouter router) => new(Worlds, Routed.All(Table, router));

    /// <summary>Of the fixed scales, over visual tokens.</summary>
    public Hull Hull(int world = 0, bool monotone = false) => Of(monotone).Hulls[world];

    public BestChoice Best(int world = 0, bool monotone = false) => Of(monotone).Bests[world];

    /// <summary>Part of the way from the hull to the best choice at the same cost that a router goes: 1 is the oracle, 0 blind mixing.</summary>
    public double GapClosed(Measured router, int world, bool monotone)
    {
        var point = router.Point(world, monotone);
        var floor = Hull(world, monotone).At(point.MeanCost);
        return Ratio(point.Accuracy - floor, Best(world, monotone).At(point.MeanCost) - floor);
    }

    /// <summary>The form of published benchmarks: part of the way from the best fixed scale to the oracle, whatever either costs.</summary>
    public double BestSingleGapClosed(Measured router, int world)
    {
        var single = Fixed.Max(scale => scale.Accuracy(world));
        return Ratio(router.Accuracy(world) - single, Best(world).Accuracy - single);
    }

    /// <summary>How much better than mixing fixed scales blindly at the same mean cost.</summary>
    public double HullGain(Measured router, int world) => router.Accuracy(world) - Hull(world).At(router.Tokens(world));

    /// <summary>How much better than the same paths given to other items: the mean over all shuffles, which cost the same.</summary>
    public double ShuffleGain(Measured router, int world) =>
        router.Accuracy(world) - VisualScale.All.Sum(scale => router.Final(scale, world) * Fixed[scale.Rung].Accuracy(world));

    private static double Ratio(double part, double whole) => Math.Abs(whole) < 1e-12 ? 0 : part / whole;

    private Variant Of(bool monotone) => monotone ? _monotone : _raw;

    private sealed class Variant
    {
        public Variant(Yardstick of, bool monotone)
        {
            var worlds = Enumerable.Range(0, of.Worlds.Worlds);
            double[][] needs = [.. VisualScale.All.Select(scale => of.Worlds.Mean(i => Needs(of.Table.Items[i], scale, monotone) ? 1 : 0))];
            Hulls = [.. worlds.Select(world => new Hull(of.Fixed.Select(scale => scale.Point(world, monotone))))];
            Bests = [.. worlds.Select(world => new BestChoice([.. needs.Select(rung => rung[world])]))];
        }

        public Hull[] Hulls { get; }

        public BestChoice[] Bests { get; }

        private static bool Needs(LabelItem item, VisualScale scale, bool monotone) =>
            (monotone ? Oracle.MonotoneScale(item) : Oracle.Scale(item)) == scale && Oracle.IsRight(item, scale, monotone);
    }
}
