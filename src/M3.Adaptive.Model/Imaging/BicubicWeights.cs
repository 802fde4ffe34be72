namespace M3.Adaptive.Model.Imaging;

/// <summary>Where a picture lies on a longer canvas, along one axis.</summary>
/// <param name="Canvas">Length of the canvas; the rest of it is of one colour.</param>
/// <param name="Length">Length of the picture, at most the canvas.</param>
internal readonly record struct Placement(int Canvas, int Length)
{
    /// <summary>Where the picture begins: half of the difference, rounded down.</summary>
    public int Start => (Canvas - Length) / 2;
}

/// <summary>
/// Pillow's fixed-point bicubic weights (a = -0.5, antialiased: the kernel widens when shrinking) of one axis. Output i is
/// the weighted sum of <see cref="Taps"/>(i) picture pixels from <see cref="First"/>(i) on, and <see cref="Outside"/>(i) times
/// the colour around the picture: integers, so that this equals the sum over the whole canvas exactly.
/// </summary>
internal sealed class BicubicWeights
{
    /// <summary>Bits behind the point: sums are rounded by adding <see cref="Half"/> and shifted back.</summary>
    public const int Precision = 22;

    public const int Half = 1 << (Precision - 1);

    private readonly int _capacity;
    private readonly int[] _weights;
    private readonly (int First, int Count, int Outside)[] _outputs;

    public BicubicWeights(Placement place, int outputs)
    {
        var scale = (double)place.Canvas / outputs;
        var filterScale = Math.Max(scale, 1);
        var support = 2 * filterScale;
        _capacity = ((int)Math.Ceiling(support) * 2) + 1;
        _weights = new int[outputs * _capacity];
        _outputs = new (int, int, int)[outputs];
        var weights = new double[_capacity];
        for (var i = 0; i < outputs; i++)
        {
            var centre = (i + 0.5) * scale;
            var low = Math.Max(0, (int)(centre - support + 0.5));
            var high = Math.Min(place.Canvas, (int)(centre + support + 0.5));
            var sum = 0.0;
            for (var j = low; j < high; j++) sum += weights[j - low] = Kernel((j - centre + 0.5) * (1 / filterScale));
            Keep(i, low, weights.AsSpan(0, high - low), sum, place);
        }
    }

    public int Count => _outputs.Length;

    /// <summary>The first picture pixel that an output draws on.</summary>
    public int First(int output) => _outputs[output].First;

    /// <summary>Weights of the picture pixels that an output draws on, in order.</summary>
    public ReadOnlySpan<int> Taps(int output) => _weights.AsSpan(output * _capacity, _outputs[output].Count);

    /// <summary>Weight of the colour around the picture in an output.</summary>
    public int Outside(int output) => _outputs[output].Outside;

    /// <summary>Weight of all that an output draws on: the fixed-point one, but for rounding.</summary>
    public int Total(int output)
    {
        var total = Outside(output);
        foreach (var weight in Taps(output)) total += weight;
        return total;
    }

    private void Keep(int output, int low, ReadOnlySpan<double> weights, double sum, Placement place)
    {
        var first = Math.Max(0, low - place.Start);
        var (count, outside) = (0, 0);
        for (var j = 0; j < weights.Length; j++)
        {
            var weight = ToFixed(weights[j] / sum);
            var pixel = low + j - place.Start;
            if (pixel < 0 || pixel >= place.Length) outside += weight;
            else _weights[(output * _capacity) + count++] = weight;
        }

        _outputs[output] = (first, count, outside);
    }

    private static double Kernel(double x)
    {
        x = Math.Abs(x);
        if (x < 1) return ((((1.5 * x) - 2.5) * x) * x) + 1;
        return x < 2 ? (((((x - 5) * x) + 8) * x) - 4) * -0.5 : 0;
    }

    private static int ToFixed(double weight) => (int)((weight * (1 << Precision)) + (weight < 0 ? -0.5 : 0.5));
}
