namespace M3.Adaptive.Inference.Scheduling;

/// <summary>Seconds of a pass as a sum of what it does, each part at a rate of 0 or more, times how slow the machine has been lately.</summary>
internal sealed class LinearCost
{
    private const int Rounds = 400;
    private const double Weight = 0.1;                                            // of a new observation
    private const double Furthest = 4;                                            // an observation further off than so many times counts as that far

    private readonly double[] _rates;
    private double _slowness = 1;

    /// <summary>Rates that fit what was measured, relative errors weighed alike.</summary>
    /// <param name="measured">At least one; parts of equal number, seconds above 0.</param>
    public LinearCost(IReadOnlyList<(double[] Parts, double Seconds)> measured)
    {
        _rates = new double[measured[0].Parts.Length];
        for (var round = 0; round < Rounds; round++)
        {
            for (var rate = 0; rate < _rates.Length; rate++) Fit(rate, measured);
        }
    }

    /// <summary>Expected seconds.</summary>
    public double Seconds(params ReadOnlySpan<double> parts) => _slowness * Plain(parts);

    /// <summary>Takes in a pass.</summary>
    public void Observe(double seconds, params ReadOnlySpan<double> parts)
    {
        if (Seconds(parts) is var expected && !(expected > 0 && seconds > 0)) return;
        _slowness *= Math.Pow(Math.Clamp(seconds / expected, 1 / Furthest, Furthest), Weight);
    }

    private double Plain(ReadOnlySpan<double> parts)
    {
        var sum = 0.0;
        for (var i = 0; i < _rates.Length; i++) sum += _rates[i] * parts[i];
        return sum;
    }

    // The rate that fits best beside the others: coordinate descent, held at 0 or more.
    private void Fit(int rate, IReadOnlyList<(double[] Parts, double Seconds)> measured)
    {
        var (along, square) = (0.0, 0.0);
        foreach (var (parts, seconds) in measured)
        {
            var part = parts[rate] / seconds;
            along += part * (1 - ((Plain(parts) - (_rates[rate] * parts[rate])) / seconds));
            square += part * part;
        }

        if (square > 0) _rates[rate] = Math.Max(0, along / square);
    }
}
