using static TorchSharp.torch;

namespace M3.Adaptive.Model;

/// <summary>Scaled dot-product attention, written out: the one place where tower and decoder mix positions.</summary>
internal static class Attention
{
    /// <param name="query">[B, H, T, D]</param>
    /// <param name="key">[B, H, S, D]</param>
    /// <param name="value">[B, H, S, D]</param>
    /// <param name="mask">Added to the scores, broadcast over [B, H, T, S]; null: every position sees every other.</param>
    /// <returns>[B, H, T, D]</returns>
    public static Tensor Mix(Tensor query, Tensor key, Tensor value, Tensor? mask)
    {
        var scale = 1.0 / Math.Sqrt(query.shape[^1]);
        var scores = (query * scale).matmul(key.transpose(-2, -1));               // [B, H, T, S]
        if (mask is not null) scores.add_(mask);                                  // in place: no second tensor of this size
        return scores.softmax(-1).matmul(value);
    }
}
