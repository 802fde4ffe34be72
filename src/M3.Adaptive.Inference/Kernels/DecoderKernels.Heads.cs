namespace M3.Adaptive.Inference.Kernels;

/// <content>What happens within one key-value head.</content>
internal sealed unsafe partial class DecoderKernels<L, V, E, S>
{
    private readonly HeadRows<L, V, S> _attention = new(config, weights);

    private void Append(int layer, int item, Worker own)
    {
        var (row, head) = Math.DivRem(item, config.KeyValueHeadCount);
        var key = _heads.Floats + ((nint)row * HeadsWidth) + QueryWidth + (head * D);
        _attention.Append(layer, head, _rows[row], key, key + KeyWidth, own.Row.Floats);
    }

    private void Attend(int layer, int item, Worker own)
    {
        var (tile, head) = Math.DivRem(item, config.KeyValueHeadCount);
        var (first, count) = _rows.Tiles[tile];
        var group = config.HeadCount / config.KeyValueHeadCount;
        for (var h = head * group; h < (head + 1) * group; h++)
        {
            for (var i = 0; i < count; i++)
                _attention.Take(_heads.Floats + ((nint)(first + i) * HeadsWidth) + (h * D), _rows[first + i].Position, i, count, own.Row.Floats);
            var mixed = _attention.Mix(layer, head, _rows[first], count, own.Row.Floats, own.Scores.Floats);
            for (var i = 0; i < count; i++) Pack(mixed + (i * D), h * D, D, _mixed.Floats, first + i, Slots, QueryWidth);
        }
    }
}
