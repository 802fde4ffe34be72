using M3.Adaptive.Inference.Kernels;
using M3.Adaptive.Model.Network;
using static TorchSharp.torch;

namespace M3.Adaptive.Inference.Arithmetic;

/// <summary>
/// Attention of one chunk's rows over their own sequence. Libtorch skips what a causal square hides, but looks at all of a mask; so a chunk behind
/// few positions gets a square, with rows in front that nobody reads, and one behind many a mask.
/// </summary>
internal sealed class Attended
{
    private readonly KvCache _cache;
    private readonly ScalarType _type;
    private readonly int _held;
    private readonly Tensor? _mask;

    /// <summary>In the open dispose scope.</summary>
    /// <param name="type">Of the products.</param>
    public Attended(SequenceState sequence, int rows, LanguageConfig config, ScalarType type)
    {
        (_cache, _type, _held, Rows) = (sequence.Cache, type, sequence.Length, rows);
        First = new KernelRow(sequence.Address, sequence.Capacity, _held);
        var square = _held <= rows;
        Behind = square ? _held : 0;
        Queries = zeros([config.KeyValueHeadCount, config.HeadCount / config.KeyValueHeadCount, Behind + rows, config.HeadSize], type);
        if (!square) _mask = full([rows, _held + rows], HeldNumbers.NegativeInfinity, type).triu(_held + 1);   // [T, S]
    }

    public int Rows { get; }

    public KernelRow First { get; }

    /// <summary>Rows in front of the chunk's own that fill the square.</summary>
    public int Behind { get; }

    /// <summary>[Hkv, G, Behind + T, D]: the query heads of one key-value head are its group.</summary>
    public Tensor Queries { get; }

    /// <returns>[T, H * D]</returns>
    public Tensor Mix(int layer)
    {
        var (groups, D) = (Queries.shape[1], Queries.shape[3]);
        var mixed = nn.functional.scaled_dot_product_attention(Queries, Seen(0), Seen(1), _mask, is_casual: _mask is null);
        return mixed.narrow(2, Behind, Rows).permute(2, 0, 1, 3).reshape(Rows, -1);   // [T, Hkv, G, D] as [T, H * D]

        // Keys and values are the same for all heads of a group.
        Tensor Seen(int which) => _cache.Slots[layer, which, 0].narrow(1, 0, _held + Rows).unsqueeze(1).expand(-1, groups, -1, D).to(_type);
    }
}
