using static TorchSharp.torch;

namespace M3.Adaptive.Model;

/// <summary>Scaled dot-product attention, written out: the one place where tower and decoder mix positions.</summary>
internal static class Attention
{
    /// <summary>Queries whose scores exist at a time on a processor: a pass over 600 positions then holds 4 MB of them a block, not 20.</summary>
    private const int RowsAtOnce = 128;

    /// <param name="query">[B, H, T, D]</param>
    /// <param name="key">[B, H, S, D]</param>
    /// <param name="value">[B, H, S, D]</param>
    /// <param name="mask">Added to the scores, broadcast over [B, H, T, S]; null: every position sees every other.</param>
    /// <returns>[B, H, T, D]</returns>
    public static Tensor Mix(Tensor query, Tensor key, Tensor value, Tensor? mask)
    {
        var scale = 1.0 / Math.Sqrt(query.shape[^1]);
        var T = query.shape[^2];
        if (T <= RowsAtOnce || query.device_type != TorchSharp.DeviceType.CPU) return MixRows(query * scale, key, value, mask);

        var blocks = new List<Tensor>();
        for (long at = 0; at < T; at += RowsAtOnce)
        {
            using var scope = NewDisposeScope();
            var rows = Math.Min(RowsAtOnce, T - at);
            var seen = mask is null || mask.shape[^2] == 1 ? mask : mask.narrow(-2, at, rows);
            blocks.Add(MixRows(query.narrow(-2, at, rows) * scale, key, value, seen).MoveToOuterDisposeScope());
        }

        return cat(blocks, -2);
    }

    private static Tensor MixRows(Tensor query, Tensor key, Tensor value, Tensor? mask)
    {
        var scores = query.matmul(key.transpose(-2, -1));                         // [B, H, T, S]
        if (mask is not null) scores.add_(mask);                                  // in place: no second tensor of this size
        return scores.softmax(-1).matmul(value);
    }
}
