namespace M3.Adaptive.Inference.Kernels;

/// <summary>What the vector kernels compute, number by number and without their memory layouts; they are compared with it.</summary>
internal static class ScalarKernels
{
    /// <param name="weights">[outputs, K]</param>
    /// <param name="x">[rows, K]</param>
    /// <returns>[rows, outputs]</returns>
    public static float[] Multiply(ReadOnlySpan<float> weights, ReadOnlySpan<float> x, int K)
    {
        var (rows, outputs) = (x.Length / K, weights.Length / K);
        var result = new float[rows * outputs];
        for (var row = 0; row < rows; row++)
        {
            for (var o = 0; o < outputs; o++) result[(row * outputs) + o] = Dot(weights.Slice(o * K, K), x.Slice(row * K, K));
        }

        return result;
    }

    /// <param name="query">[D]</param>
    /// <param name="keys">[S, D]</param>
    /// <param name="values">[S, D]</param>
    /// <returns>[D]</returns>
    public static float[] Attend(ReadOnlySpan<float> query, ReadOnlySpan<float> keys, ReadOnlySpan<float> values)
    {
        var (D, S) = (query.Length, keys.Length / query.Length);
        var weights = new double[S];
        for (var s = 0; s < S; s++) weights[s] = Dot(query, keys.Slice(s * D, D)) / Math.Sqrt(D);
        var largest = weights.Max();
        var total = weights.Sum(weight => Math.Exp(weight - largest));
        var mixed = new double[D];
        for (var s = 0; s < S; s++)
        {
            for (var d = 0; d < D; d++) mixed[d] += Math.Exp(weights[s] - largest) / total * values[(s * D) + d];
        }

        return [.. mixed.Select(static value => (float)value)];
    }

    public static float[] RmsNorm(ReadOnlySpan<float> x, ReadOnlySpan<float> gain, float eps)
    {
        var scale = 1 / Math.Sqrt((Dot(x, x) / (double)x.Length) + eps);
        var normed = new float[x.Length];
        for (var i = 0; i < normed.Length; i++) normed[i] = (float)(x[i] * scale * gain[i]);
        return normed;
    }

    public static float[] SwiGlu(ReadOnlySpan<float> gate, ReadOnlySpan<float> up)
    {
        var gated = new float[gate.Length];
        for (var i = 0; i < gated.Length; i++) gated[i] = (float)(gate[i] / (1 + Math.Exp(-gate[i])) * up[i]);
        return gated;
    }

    /// <param name="x">[D]</param>
    /// <param name="angles">[D/2]</param>
    public static float[] Rotate(ReadOnlySpan<float> x, ReadOnlySpan<float> angles)
    {
        var half = angles.Length;
        var turned = new float[x.Length];
        for (var i = 0; i < half; i++)
        {
            var (sine, cosine) = Math.SinCos(angles[i]);
            turned[i] = (float)((x[i] * cosine) - (x[i + half] * sine));
            turned[i + half] = (float)((x[i + half] * cosine) + (x[i] * sine));
        }

        return turned;
    }

    private static float Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        var sum = 0.0;
        for (var i = 0; i < left.Length; i++) sum += (double)left[i] * right[i];
        return (float)sum;
    }
}
