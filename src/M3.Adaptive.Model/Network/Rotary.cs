using static TorchSharp.torch;

namespace M3.Adaptive.Model.Network;

/// <summary>Rotary position embedding, rotating halves as HF's Llama does: pair i turns by position * theta^(-2i/D).</summary>
public static class Rotary
{
    /// <param name="positions">[B, T] int64, counted from 0 at the beginning-of-sequence token.</param>
    /// <param name="headSize">D</param>
    /// <param name="theta">Base of the frequencies.</param>
    /// <param name="dtype">Type of the result; the angles are computed in float32.</param>
    /// <returns>Cosine and sine, [B, 1, T, D/2] each.</returns>
    public static (Tensor Cosine, Tensor Sine) Angles(Tensor positions, int headSize, double theta, ScalarType dtype)
    {
        var frequencies = Enumerable.Range(0, headSize / 2).Select(i => (float)(1.0 / Math.Pow(theta, 2.0 * i / headSize))).ToArray();
        var angles = positions.to(ScalarType.Float32).unsqueeze(-1) * tensor(frequencies).to(positions.device);  // [B, T, D/2]
        return (angles.cos().to(dtype).unsqueeze(1), angles.sin().to(dtype).unsqueeze(1));
    }

    /// <summary><paramref name="count"/> positions from <paramref name="first"/> on.</summary>
    public static long[] Positions(int first, int count) => [.. Enumerable.Range(first, count).Select(static position => (long)position)];

    /// <param name="x">[B, H, T, D]</param>
    /// <param name="angles">From <see cref="Angles"/>.</param>
    public static Tensor Rotate(Tensor x, (Tensor Cosine, Tensor Sine) angles)
    {
        using var scope = NewDisposeScope();
        var half = x.shape[^1] / 2;
        var (x1, x2) = (x.narrow(-1, 0, half), x.narrow(-1, half, half));
        return cat([(x1 * angles.Cosine).Minus(x2 * angles.Sine), (x2 * angles.Cosine).Plus(x1 * angles.Sine)], -1).MoveToOuterDisposeScope();
    }
}
