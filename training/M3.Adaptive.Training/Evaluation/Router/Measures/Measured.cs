using M3.Adaptive.Core;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Training.Replay;
using M3.Adaptive.Training.Statistics;

namespace M3.Adaptive.Training.Evaluation.Router.Measures;

/// <summary>What one router made of a table: item by item, and as means in every world of the table's resampling.</summary>
public sealed class Measured
{
    private readonly double[] _right, _rightToStay, _tokens;
    private readonly Lazy<double[][]> _finals;                                // [rung][world]

    public Measured(PictureResampling worlds, IReadOnlyList<Routed> items)
    {
        Items = items;
        _right = worlds.Mean(i => items[i].Right ? 1 : 0);
        _rightToStay = worlds.Mean(i => items[i].RightToStay ? 1 : 0);
        _tokens = worlds.Mean(i => items[i].Charged.VisualTokens);
        _finals = new(() => [.. VisualScale.All.Select(scale => worlds.Mean(i => items[i].Path.Last == scale ? 1 : 0))]);
    }

    public IReadOnlyList<Routed> Items { get; }

    public double Accuracy(int world = 0, bool monotone = false) => (monotone ? _rightToStay : _right)[world];

    /// <summary>Mean charged visual tokens an item.</summary>
    public double Tokens(int world = 0) => _tokens[world];

    /// <summary>Mean charged cost of the items as they are.</summary>
    public double Cost(CostUnit unit) => Items.Average(item => new Price(1, unit).Amount(item.Charged));

    /// <summary>Share of the items whose last run is at this scale.</summary>
    public double Final(VisualScale scale, int world = 0) => _finals.Value[scale.Rung][world];

    public OperatingPoint Point(int world = 0, bool monotone = false) => new(Tokens(world), Accuracy(world, monotone));
}
