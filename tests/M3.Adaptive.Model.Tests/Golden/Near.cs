using Xunit;
using static TorchSharp.torch;

namespace M3.Adaptive.Model.Tests.Golden;

/// <summary>Comparison of computed values with golden ones.</summary>
internal static class Near
{
    /// <summary>Largest difference over the expected tensor's largest magnitude.</summary>
    public static void Relative(float[] expected, Tensor actual, double tolerance) =>
        Absolute(expected, actual, tolerance * expected.Max(MathF.Abs));

    /// <summary>Largest absolute difference.</summary>
    public static void Absolute(float[] expected, Tensor actual, double tolerance)
    {
        var values = actual.contiguous().data<float>().ToArray();
        Assert.Equal(expected.Length, values.Length);
        var worst = 0;
        for (var i = 0; i < values.Length; i++)
        {
            if (!(MathF.Abs(values[i] - expected[i]) <= MathF.Abs(values[worst] - expected[worst]))) worst = i;
        }

        Assert.True(
            Math.Abs((double)values[worst] - expected[worst]) <= tolerance,
            $"Value {worst} is {values[worst]:G9}, expected {expected[worst]:G9} within {tolerance:G3}.");
    }
}
