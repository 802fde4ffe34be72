using System.Numerics;

namespace M3.Adaptive.Training.Statistics;

/// <summary>
/// The pictures of a table drawn with replacement, again and again; questions come with their picture, as answers about one picture fail together.
/// World 0 is the table itself, each further world one draw. Everything that is compared is computed in the same worlds, which pairs the
/// comparison: what makes a world easy is easy for all.
/// </summary>
public sealed class PictureResampling
{
    /// <summary>Draws of a report; more would change the ends of an interval by less than a tenth of its width.</summary>
    public const int DefaultDraws = 1000;

    private readonly int[] _pictureOf;
    private readonly double[][] _weights;                                     // [world][picture]: how often it was drawn
    private readonly double[] _items;

    /// <param name="pictures">Of each item.</param>
    /// <param name="draws">Worlds beside the table itself; 1 or more.</param>
    /// <param name="seed">The same seed draws the same pictures.</param>
    public PictureResampling(IEnumerable<string> pictures, int draws = DefaultDraws, int seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        Dictionary<string, int> index = [];
        _pictureOf = [.. pictures.Select(picture => index.TryAdd(picture, index.Count) ? index.Count - 1 : index[picture])];
        ArgumentOutOfRangeException.ThrowIfZero(_pictureOf.Length, nameof(pictures));

        var random = new Random(seed);
        var all = new double[index.Count];
        Array.Fill(all, 1);
        _weights = [all, .. Enumerable.Range(0, draws).Select(_ => Draw(random, index.Count))];
        _items = Sum(_ => 1);
    }

    public int Worlds => _weights.Length;

    /// <summary>How often an item is there in a world.</summary>
    public double Weight(int world, int item) => _weights[world][_pictureOf[item]];

    /// <summary>The mean over the items of every world.</summary>
    public double[] Mean(Func<int, double> ofItem) => [.. Sum(ofItem).Zip(_items, (sum, items) => sum / items)];

    /// <summary>A figure of one world, computed in all of them.</summary>
    public Estimate Estimate(Func<int, double> ofWorld)
    {
        var values = InAll(ofWorld);
        return Statistics.Estimate.Of(values[0], values[1..]);
    }

    /// <summary>The same for a figure that resampling itself raises (<see cref="Estimate.Centred"/>).</summary>
    public Estimate CentredEstimate(Func<int, double> ofWorld)
    {
        var values = InAll(ofWorld);
        return Statistics.Estimate.Of(values[0], values[1..]).Centred(values[1..].Average());
    }

    private double[] InAll(Func<int, double> ofWorld)
    {
        var values = new double[Worlds];
        Parallel.For(0, Worlds, world => values[world] = ofWorld(world));
        return values;
    }

    private double[] Sum(Func<int, double> ofItem)
    {
        var sums = new double[_weights[0].Length];
        for (var item = 0; item < _pictureOf.Length; item++) sums[_pictureOf[item]] += ofItem(item);
        return [.. _weights.Select(weights => Dot(weights, sums))];
    }

    private static double Dot(double[] weights, double[] sums)
    {
        var (total, i) = (Vector<double>.Zero, 0);
        for (; i + Vector<double>.Count <= sums.Length; i += Vector<double>.Count) total += new Vector<double>(weights, i) * new Vector<double>(sums, i);
        var sum = Vector.Sum(total);
        for (; i < sums.Length; i++) sum += weights[i] * sums[i];
        return sum;
    }

    private static double[] Draw(Random random, int pictures)
    {
        var drawn = new double[pictures];
        for (var i = 0; i < pictures; i++) drawn[random.Next(pictures)]++;
        return drawn;
    }
}
