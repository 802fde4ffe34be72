namespace M3.Adaptive.Inference.Arithmetic;

/// <summary>Ways to compute the products of a pass.</summary>
internal enum Products
{
    /// <summary>Vector kernels: each weight is read once and used for all rows.</summary>
    Kernels,

    /// <summary>Libtorch's in bfloat16.</summary>
    BFloat16,

    /// <summary>Libtorch's in float32.</summary>
    Float32,
}

/// <summary>Seconds that one block took, by way and rows, and what follows from them.</summary>
/// <param name="Measured">Ways in any order, all of them at each number of rows.</param>
internal sealed record PrefillTable(IReadOnlyDictionary<int, IReadOnlyDictionary<Products, double>> Measured)
{
    private const double Dear = 2;
    private const double AsQuick = 1.1;                                           // times the quickest: chance may decide between the two

    /// <summary>The quickest way at the measured number of rows that is nearest in proportion; of those about as quick the most precise, then the first.</summary>
    /// <param name="rows">At least 1.</param>
    public Products For(int rows)
    {
        var nearest = Measured.Keys.MinBy(measured => Math.Abs(Math.Log((double)measured / rows)));
        var ways = Measured[nearest];
        var least = ways.Values.Min();
        return ways.Keys.Where(way => ways[way] <= AsQuick * least).MinBy(static way => way == Products.BFloat16 ? 1 : 0);
    }

    /// <summary>
    /// The quickest way of a part of a prefill. What keeps activations in float32 agrees to its rounding, so a part may go its own way; products in bfloat16
    /// do not, and a prefill that goes by them does so in all its parts, and no other does.
    /// </summary>
    /// <param name="rows">Of the part.</param>
    /// <param name="whole">Of the prefill.</param>
    public Products For(int rows, int whole)
    {
        var (own, all) = (For(rows), For(whole));
        return own == Products.BFloat16 || all == Products.BFloat16 ? all : own;
    }

    /// <summary>
    /// Rows of the smallest parts that a long prefill is worth being cut into: by the way that it takes, a position of such a part takes at most
    /// twice what it takes in a long one.
    /// </summary>
    public int LeastPart
    {
        get
        {
            var most = Measured.Keys.Max();
            var way = For(most);
            var each = Measured[most][way] / most;
            return Measured.Keys.Where(rows => Measured[rows].TryGetValue(way, out var seconds) && seconds / rows <= Dear * each).Min();
        }
    }

    /// <summary>What the quickest way takes at the most rows that were measured.</summary>
    public double SecondsOfMost => Measured[Measured.Keys.Max()].Values.Min();

    /// <summary>A table that always says the same.</summary>
    public static PrefillTable Always(Products products) =>
        new(new Dictionary<int, IReadOnlyDictionary<Products, double>> { [1] = new Dictionary<Products, double> { [products] = 0 } });

    public override string ToString() => string.Join(", ", Measured.Keys.Order().Select(rows => $"{rows} rows {For(rows)}"));
}
