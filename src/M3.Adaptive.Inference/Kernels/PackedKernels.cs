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

    /// <summary>Rotates one chunk's keys and queries; keys and values go into its cache, queries into an order by heads.</summary>
    /// <param name="first">The chunk's first row, at position first.Position.</param>
    /// <param name="query">[rows, H * D]</param>
    /// <param name="key">[rows, Hkv * D]</param>
    /// <param name="value">[rows, Hkv * D]</param>
    /// <param name="byHead">[H, behind + rows, D]; the first <paramref name="behind"/> of each head are left as they are.</param>
    void Heads(int layer, KernelRow first, int rows, nint query, nint key, nint value, nint byHead, int behind);

    /// <summary>gate = silu(gate) * up, [rows, F].</summary>
    void Gate(nint gate, nint up, int rows);

    /// <summary>stream += product, [rows, C].</summary>
    void Add(nint stream, nint product, int rows);
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

    private int C => config.HiddenSize;

    private int D => config.HeadSize;

    private int F => config.IntermediateSize;

    public void Norm(nint stream, nint gain, int rows, nint normed) => Rows(rows, (row, scratch) =>
    {
        RowKernel<L, V>.RmsNorm((float*)stream + ((nint)row * C), (float*)gain, C, config.RmsNormEps, scratch);
        RowKernel<L, V>.Narrow<A>(scratch, (byte*)normed + ((nint)row * C * A.Size), C);
    });

    public void Heads(int layer, KernelRow first, int rows, nint query, nint key, nint value, nint byHead, int behind) => Rows(rows, (row, scratch) =>
    {
        var position = first.Position + row;
        var angles = (nint)position * (D / 2);
        var rotated = scratch + D;
        for (var head = 0; head < config.HeadCount; head++)
        {
            Rotate((byte*)query, config.HeadCount, head);
            RowKernel<L, V>.Narrow<A>(rotated, (byte*)byHead + (((((nint)head * (behind + rows)) + behind + row) * D) * A.Size), D);
        }

        for (var head = 0; head < config.KeyValueHeadCount; head++)
        {
            Rotate((byte*)key, config.KeyValueHeadCount, head);
            RowKernel<L, V>.Narrow<S>(rotated, Slot(2 * layer, head), D);
            RowKernel<L, V>.Widen<A>(Part((byte*)value, config.KeyValueHeadCount, head), scratch, D);
            RowKernel<L, V>.Narrow<S>(scratch, Slot((2 * layer) + 1, head), D);
        }

        void Rotate(byte* heads, int count, int head)
        {
            RowKernel<L, V>.Widen<A>(Part(heads, count, head), scratch, D);
            RowKernel<L, V>.Rotate(scratch, (float*)weights.Cosines + angles, (float*)weights.Sines + angles, D, rotated);
        }

        byte* Part(byte* heads, int count, int head) => heads + ((((nint)row * count) + head) * D * A.Size);

        byte* Slot(int part, int head) =>
            (byte*)first.Cache + ((((((nint)part * config.KeyValueHeadCount) + head) * first.Capacity) + position) * D * S.Size);
    });

    public void Gate(nint gate, nint up, int rows) => Rows(rows, (row, scratch) =>
    {
        var at = (nint)row * F * A.Size;
        RowKernel<L, V>.Widen<A>((byte*)gate + at, scratch, F);
        RowKernel<L, V>.Widen<A>((byte*)up + at, scratch + Rounded(F), F);
        RowKernel<L, V>.SwiGlu(scratch, scratch + Rounded(F), Rounded(F));
        RowKernel<L, V>.Narrow<A>(scratch, (byte*)gate + at, F);
    });

    public void Add(nint stream, nint product, int rows) => Rows(rows, (row, _) =>
        RowKernel<L, V>.Add<A>((byte*)product + ((nint)row * C * A.Size), (float*)stream + ((nint)row * C), C));

    public void Dispose()
    {
        foreach (var scratch in _scratch) scratch.Dispose();
    }

    private delegate void RowBody(int row, float* scratch);

    private void Rows(int count, RowBody body) => pool.ForEach(count, RowsAtOnce, (worker, from, end) =>
    {
        for (var row = from; row < end; row++) body(row, _scratch[worker].Floats);
    });

    private static NativeBuffer Scratch(LanguageConfig config)
    {
        var buffer = new NativeBuffer();
        buffer.AtLeast(Math.Max(Math.Max(config.HiddenSize, 2 * config.HeadSize), 2 * Rounded(config.IntermediateSize)));
        return buffer;
    }

    private static int Rounded(int count) => (count + L.Count - 1) / L.Count * L.Count;
}
