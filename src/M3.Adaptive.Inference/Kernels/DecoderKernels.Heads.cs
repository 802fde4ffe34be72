namespace M3.Adaptive.Inference.Kernels;

/// <content>What happens within one key-value head of one row: its part of the cache is written, then its query heads look at it.</content>
internal sealed unsafe partial class DecoderKernels<L, V, E, S>
{
    private void Append(int layer, int item, Worker own)
    {
        var (row, head) = Math.DivRem(item, config.KeyValueHeadCount);
        float* key = _heads.Floats + ((nint)row * HeadsWidth) + QueryWidth + (head * D), rotated = own.Row.Floats;
        Rotate(key, _rows[row].Position, rotated);
        Write(rotated, Keys(_rows[row], layer, head) + ((nint)_rows[row].Position * D * S.Size));
        Write(key + KeyWidth, Values(_rows[row], layer, head) + ((nint)_rows[row].Position * D * S.Size));
    }

    private void Attend(int layer, int item, Worker own)
    {
        var (row, head) = Math.DivRem(item, config.KeyValueHeadCount);
        var at = _rows[row];
        var group = config.HeadCount / config.KeyValueHeadCount;
        float* rotated = own.Row.Floats, query = rotated + D, mixed = query + D;
        for (var h = head * group; h < (head + 1) * group; h++)
        {
            Rotate(_heads.Floats + ((nint)row * HeadsWidth) + (h * D), at.Position, rotated);
            Packing<L, V, S>.Put(rotated, 0, D, query, 0, 1, D);
            AttentionKernel<L, V, S>.Mix(query, Keys(at, layer, head), Values(at, layer, head), at.Position + 1, D, own.Scores.Floats, mixed);
            Pack(mixed, h * D, D, _mixed.Floats, row, Slots, QueryWidth);
        }
    }

    private void Rotate(float* x, int position, float* target)
    {
        var angles = (nint)position * (D / 2);
        RowKernel<L, V>.Rotate(x, (float*)weights.Cosines + angles, (float*)weights.Sines + angles, D, target);
    }

    private void Write(float* numbers, byte* target) => RowKernel<L, V>.Narrow<S>(numbers, target, D);

    private byte* Keys(in KernelRow row, int layer, int head) => Part(row, 2 * layer, head);

    private byte* Values(in KernelRow row, int layer, int head) => Part(row, (2 * layer) + 1, head);

    private byte* Part(in KernelRow row, int part, int head) =>
        (byte*)row.Cache + ((((nint)part * config.KeyValueHeadCount) + head) * row.Capacity * D * S.Size);
}
