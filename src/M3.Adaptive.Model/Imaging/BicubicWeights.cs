namespace M3.Adaptive.Model.Imaging;

/// <summary>
/// Pillow's fixed-point bicubic weights (a = -0.5, antialiased: the kernel widens when shrinking) of one axis. Output i is
/// the weighted sum of <see cref="Taps"/>(i) inputs from <see cref="First"/>[i] on.
/// </summary>
internal sealed class BicubicWeights
{
    /// <summary>Bits behind the point: sums are rounded with half of 1 &lt;&lt; 22 and shifted back.</summary>
    public const int Precision = 22;

    private readonly int _capacity;
    private readonly int[] _count;
    private readonly int[] _weights;

    public BicubicWeights(int inputs, int outputs)
    {
        var scale = (double)inputs / outputs;
        var filterScale = Math.Max(scale, 1);
        var support = 2 * filterScale;
        _capacity = ((int)Math.Ceiling(support) * 2) + 1;
        _count = new int[outputs];
        _weights = new int[outputs * _capacity];
        First = new int[outputs];
        var weights = new double[_capacity];
        for (var i = 0; i < outputs; i++)
        {
            var centre = (i + 0.5) * scale;
            var low = Math.Max(0, (int)(centre - support + 0.5));
            var high = Math.Min(inputs, (int)(centre + support + 0.5));
            var sum = 0.0;
            for (var j = low; j < high; j++) sum += weights[j - low] = Kernel((j - centre + 0.5) * (1 / filterScale));
            (First[i], _count[i]) = (low, high - low);
            for (var j = 0; j < high - low; j++) _weights[(i * _capacity) + j] = ToFixed(weights[j] / sum);
        }
    }

    public int Outputs => First.Length;

    /// <summary>The first input that each output draws on.</summary>
    public int[] First { get; }

    /// <summary>Weights of the inputs that one output draws on, in order.</summary>
    public ReadOnlySpan<int> Taps(int output) => _weights.AsSpan(output * _capacity, _count[output]);

    private static double Kernel(double x)
    {
        x = Math.Abs(x);
        if (x < 1) return ((((1.5 * x) - 2.5) * x) * x) + 1;
        return x < 2 ? (((((x - 5) * x) + 8) * x) - 4) * -0.5 : 0;
    }

    private static int ToFixed(double weight) => (int)((weight * (1 << Precision)) + (weight < 0 ? -0.5 : 0.5));
}
