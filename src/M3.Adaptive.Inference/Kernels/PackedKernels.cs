using M3.Adaptive.Model.Network;

namespace M3.Adaptive.Inference.Kernels;

/// <summary>What lies between the products of a decoder block, over many rows, whatever the types.</summary>
internal interface IPackedKernels : IDisposable
{
    /// <summary>normed = the norm of the stream.</summary>
    /// <param name="stream">float32, [rows, C]</param>
    /// <param name="gain">float32, [C]</param>
    /// <param name="normed">[rows, C]</param>
    void Norm(nint stream, nint gain, int rows, nint normed);

    /// <summary>Writes the rows' keys and values into their caches, rotated, and puts what each query is given in its place.</summary>
    /// <param name="query">[rows, H * D], not rotated.</param>
    /// <param name="key">[rows, Hkv * D], likewise.</param>
    /// <param name="value">[rows, Hkv * D]</param>
    void Attend(int layer, PassRows rows, nint query, nint key, nint value);

    /// <summary>gate = silu(gate) * up, [rows, F].</summary>
    void Gate(nint gate, nint up, int rows);

    /// <summary>stream += product, [rows, C]; then its norm, as <see cref="Norm"/>.</summary>
    /// <param name="gain">0: no norm is wanted.</param>
    void Add(nint stream, nint product, nint gain, int rows, nint normed);
}

/// <inheritdoc cref="IPackedKernels"/>
/// <typeparam name="L">Width of vectors.</typeparam>
/// <typeparam name="V">Their vectors.</typeparam>
/// <typeparam name="A">Numbers of what products take and give.</typeparam>
/// <typeparam name="S">Numbers of keys and values.</typeparam>
internal sealed unsafe class PackedKernels<L, V, A, S>(LanguageConfig config, KernelWeights weights, WorkerPool pool) : IPackedKernels
    where L : ILanes<V> where V : struct where A : IFloatElement where S : IFloatElement
{
    private const int RowsAtOnce = 8;

    private readonly NativeBuffer[] _scratch = [.. Enumerable.Range(0, pool.Count).Select(_ => Scratch(config))];
    private readonly NativeBuffer[] _scores = [.. Enumerable.Range(0, pool.Count).Select(static _ => new NativeBuffer())];
    private readonly HeadRows<L, V, S> _attention = new(config, weights);

    private int C => config.HiddenSize;

    private int D => config.HeadSize;

    private int F => config.IntermediateSize;

    public void Norm(nint stream, nint gain, int rows, nint normed) => Rows(rows, (row, scratch) => NormRow(stream, gain, normed, row, scratch));

    public void Attend(int layer, PassRows rows, nint query, nint key, nint value)
    {
        Rows(rows.Count, (row, scratch) =>
        {
            float* wideKey = scratch + D, wideValue = wideKey + D;
            for (var head = 0; head < config.KeyValueHeadCount; head++)
            {
                RowKernel<L, V>.Widen<A>(Part(key, config.KeyValueHeadCount, row, head), wideKey, D);
                RowKernel<L, V>.Widen<A>(Part(value, config.KeyValueHeadCount, row, head), wideValue, D);
                _attention.Append(layer, head, rows[row], wideKey, wideValue, scratch);
            }
        });
        foreach (var scores in _scores) scores.AtLeast(HeadRows<L, V, S>.Scores(rows.Longest));
        var group = config.HeadCount / config.KeyValueHeadCount;
        pool.ForEach(rows.Tiles.Length * config.HeadCount, 1, (worker, from, end) =>
        {
            float* scratch = _scratch[worker].Floats, wide = scratch + HeadRows<L, V, S>.Scratch(D);
            for (var item = from; item < end; item++)
            {
                var (tile, head) = Math.DivRem(item, config.HeadCount);
                var (first, count) = rows.Tiles[tile];
                for (var i = 0; i < count; i++)
                {
                    RowKernel<L, V>.Widen<A>(Part(query, config.HeadCount, first + i, head), wide, D);
                    _attention.Take(wide, rows[first + i].Position, i, count, scratch);
                }

                var mixed = _attention.Mix(layer, head / group, rows[first], count, scratch, _scores[worker].Floats);
                for (var i = 0; i < count; i++) RowKernel<L, V>.Narrow<A>(mixed + (i * D), Part(query, config.HeadCount, first + i, head), D);
            }
        });
    }

    public void Gate(nint gate, nint up, int rows) => Rows(rows, (row, scratch) =>
    {
        var at = (nint)row * F * A.Size;
        RowKernel<L, V>.Widen<A>((byte*)gate + at, scratch, F);
        RowKernel<L, V>.Widen<A>((byte*)up + at, scratch + Rounded(F), F);
        RowKernel<L, V>.SwiGlu(scratch, scratch + Rounded(F), Rounded(F));
        RowKernel<L, V>.Narrow<A>(scratch, (byte*)gate + at, F);
    });

    public void Add(nint stream, nint product, nint gain, int rows, nint normed) => Rows(rows, (row, scratch) =>
    {
        RowKernel<L, V>.Add<A>((byte*)product + ((nint)row * C * A.Size), (float*)stream + ((nint)row * C), C);
        if (gain != 0) NormRow(stream, gain, normed, row, scratch);
    });

    public void Dispose()
    {
        foreach (var buffer in _scratch.Concat(_scores)) buffer.Dispose();
    }

    private void NormRow(nint stream, nint gain, nint normed, int row, float* scratch)
    {
        RowKernel<L, V>.RmsNorm((float*)stream + ((nint)row * C), (float*)gain, C, config.RmsNormEps, scratch);
        RowKernel<L, V>.Narrow<A>(scratch, (byte*)normed + ((nint)row * C * A.Size), C);
    }

    private byte* Part(nint heads, int count, int row, int head) => (byte*)heads + ((((nint)row * count) + head) * D * A.Size);

    private delegate void RowBody(int row, float* scratch);

    private void Rows(int count, RowBody body) => pool.ForEach(count, RowsAtOnce, (worker, from, end) =>
    {
        for (var row = from; row < end; row++) body(row, _scratch[worker].Floats);
    });

    private static NativeBuffer Scratch(LanguageConfig config)
    {
        var buffer = new NativeBuffer();
        buffer.AtLeast(Math.Max(Math.Max(config.HiddenSize, HeadRows<L, V, S>.Scratch(config.HeadSize) + config.HeadSize), 2 * Rounded(config.IntermediateSize)));
        return buffer;
    }

    private static int Rounded(int count) => (count + L.Count - 1) / L.Count * L.Count;
}
