using static TorchSharp.torch;

namespace TorchSharp.Tests;

/// <summary>Short forms for writing and reading tensors in tests.</summary>
internal static class Values
{
    public static Tensor Floats(params float[] values) => tensor(values);

    public static Tensor Longs(params long[] values) => tensor(values);

    /// <summary>The elements in row-major order, as float whatever the type.</summary>
    public static float[] Read(this Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().to(float32).data<float>().ToArray();
    }

    public static void ShouldBe(this Tensor actual, float[] expected, float tolerance = 1e-5f)
    {
        var values = actual.Read();
        Assert.Equal(expected.Length, values.Length);
        for (var i = 0; i < values.Length; i++)
            Assert.True(
                values[i].Equals(expected[i]) || MathF.Abs(values[i] - expected[i]) <= tolerance * MathF.Max(1, MathF.Abs(expected[i])),
                $"element {i}: {values[i]}, expected {expected[i]}");
    }
}
