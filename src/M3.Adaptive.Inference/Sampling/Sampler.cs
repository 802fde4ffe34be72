using M3.Adaptive.Core;

namespace M3.Adaptive.Inference.Sampling;

/// <summary>Chooses tokens for one answer: greedily, or by temperature and top-p with its own seeded randomness.</summary>
internal sealed class Sampler(DecodingOptions options)
{
    private readonly SplitMix64 _random = new(options.Seed);
    private int[] _order = [];
    private double[] _negated = [];

    /// <param name="logits">[V]</param>
    /// <param name="next">Of the same logits.</param>
    public int Choose(ReadOnlySpan<float> logits, NextToken next) => options.Temperature == 0 ? next.Best : Sample(logits, next.Best);

    private int Sample(ReadOnlySpan<float> logits, int best)
    {
        if (_order.Length != logits.Length) (_order, _negated) = (new int[logits.Length], new double[logits.Length]);
        var (order, negated) = (_order, _negated);                                // scaled distance below the best: likeliest first when sorted
        for (var i = 0; i < logits.Length; i++) (order[i], negated[i]) = (i, ((double)logits[best] - logits[i]) / options.Temperature);
        Array.Sort(negated, order);

        var cumulative = negated;                                                 // in place: running sum of unnormalised probabilities
        double sum = 0;
        for (var i = 0; i < cumulative.Length; i++) cumulative[i] = sum += Math.Exp(-negated[i]);

        var kept = FirstAtLeast(cumulative, sum * options.TopP);                  // the nucleus ends with the token that reaches top-p
        return order[FirstAtLeast(cumulative.AsSpan(0, kept + 1), _random.NextDouble() * cumulative[kept])];
    }

    private static int FirstAtLeast(ReadOnlySpan<double> ascending, double value)
    {
        var index = ascending.BinarySearch(value);
        return Math.Min(index < 0 ? ~index : index, ascending.Length - 1);
    }
}
