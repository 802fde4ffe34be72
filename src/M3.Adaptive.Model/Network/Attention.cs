using static TorchSharp.torch;

namespace M3.Adaptive.Model.Network;

/// <summary>Scaled dot-product attention: the one place where tower and decoder mix positions.</summary>
internal static class Attention
{
    /// <param name="query">[B, H, T, D]</param>
    /// <param name="key">[B, H, S, D]</param>
    /// <param name="value">[B, H, S, D]</param>
    /// <param name="mask">Added to the scores, broadcast over [B, H, T, S]; null: every position sees every other.</param>
    /// <returns>[B, H, T, D]</returns>
    public static Tensor Mix(Tensor query, Tensor key, Tensor value, Tensor? mask) =>
        nn.functional.scaled_dot_product_attention(query, key, value, mask);

    /// <summary>The same written out; <see cref="Mix"/> is compared with it.</summary>
    public static Tensor MixPlainly(Tensor query, Tensor key, Tensor value, Tensor? mask)
    {
        var scores = query.matmul(key.transpose(-2, -1)) / Math.Sqrt(query.shape[^1]);   // [B, H, T, S]
        if (mask is not null) scores = scores + mask;
        return scores.softmax(-1).matmul(value);
    }
}
