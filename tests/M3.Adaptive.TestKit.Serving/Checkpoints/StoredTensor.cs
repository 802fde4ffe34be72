namespace M3.Adaptive.TestKit.Serving.Checkpoints;

/// <summary>One f32 tensor of a checkpoint, row-major.</summary>
public sealed record StoredTensor(string Name, float[] Values, int[] Shape)
{
    public static StoredTensor Zeros(string name, params int[] shape) => new(name, new float[Size(shape)], shape);

    public static StoredTensor Ones(string name, params int[] shape) => new(name, [.. Enumerable.Repeat(1f, Size(shape))], shape);

    /// <summary>Normally distributed about 0; the deviation is that of an even mixing of the inputs: 1 over the root of their number.</summary>
    public static StoredTensor Normal(string name, Random random, params int[] shape)
    {
        var deviation = 1 / Math.Sqrt(shape.Length > 1 ? Size(shape[1..]) : shape[0]);
        return new StoredTensor(name, [.. Enumerable.Range(0, Size(shape)).Select(_ => (float)(deviation * Gaussian(random)))], shape);
    }

    // Box and Muller.
    private static double Gaussian(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static int Size(int[] shape) => shape.Aggregate(1, (product, side) => product * side);
}
