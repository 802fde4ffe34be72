using M3.Adaptive.Model.Network;

namespace M3.Adaptive.Inference.Kernels;

/// <summary>Passes of a decoder over a few rows, whatever the width of vectors and the type of numbers.</summary>
internal interface IDecoderKernels : IDisposable
{
    /// <summary>Where a pass reads its rows from, [rows, C]; to be filled before it.</summary>
    nint Input(int rows);

    /// <summary>Fills a row of the input with a token's embedding.</summary>
    void Embed(int token, int row);

    /// <summary>Runs a pass: keys and values go into the rows' caches.</summary>
    /// <param name="rows">In the order of the input; rows of one sequence at different positions.</param>
    /// <param name="wanted">Rows whose logits are wanted.</param>
    /// <returns>Logits, [wanted, V]; valid until the next pass.</returns>
    nint Run(ReadOnlySpan<KernelRow> rows, ReadOnlySpan<int> wanted);

    /// <summary>The end of a pass alone: logits of rows of the input, which then holds what the last block left.</summary>
    /// <returns>Logits, [wanted, V]; valid until the next pass.</returns>
    nint Logits(ReadOnlySpan<int> wanted);
}

/// <summary>
/// A pass as one job of the pool: phases that the workers share chunk by chunk, each begun when the last is done. Norms are computed by every worker for
/// itself: whoever takes a chunk of a phase has computed them before the phase was done, when nothing they read could change. What a row is given does not depend
/// on the rows beside it, nor on who computes it.
/// </summary>
/// <typeparam name="L">Width of vectors.</typeparam>
/// <typeparam name="V">Their vectors.</typeparam>
/// <typeparam name="E">Numbers of the weights.</typeparam>
/// <typeparam name="S">Numbers of embeddings, keys and values.</typeparam>
internal sealed unsafe partial class DecoderKernels<L, V, E, S>(LanguageConfig config, KernelWeights weights, WorkerPool pool) : IDecoderKernels, ISharedWork
    where L : ILanes<V> where V : struct where E : IElement where S : IFloatElement
{
    private const int Chunk = MatrixKernel<L, V, E>.Chunk;
    private const int MostPhases = 6;                                             // of a layer, and one for the head

    private readonly Worker[] _workers = [.. Enumerable.Range(0, pool.Count).Select(static _ => new Worker())];
    private readonly NativeBuffer _stream = new(), _heads = new(), _mixed = new(), _gated = new(), _logits = new();
    private readonly PhaseBoard _board = new((config.LayerCount * MostPhases) + 1);
    private PassRows _rows = new([]);
    private int[] _wanted = [];

    private int C => config.HiddenSize;

    private int D => config.HeadSize;

    private int QueryWidth => config.HeadCount * D;

    private int KeyWidth => config.KeyValueHeadCount * D;

    private int HeadsWidth => QueryWidth + (2 * KeyWidth);

    private int Slots => SlotsFor(_rows.Count);

    public nint Input(int rows) => (nint)_stream.AtLeast((long)rows * C);

    public void Embed(int token, int row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(token);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(token, config.VocabularySize);
        RowKernel<L, V>.Widen<S>(weights.Embedding.Weights + ((nint)token * C * S.Size), _stream.Floats + ((nint)row * C), C);
    }

    public nint Run(ReadOnlySpan<KernelRow> rows, ReadOnlySpan<int> wanted)
    {
        _rows = new PassRows(rows);
        _heads.AtLeast((long)_rows.Count * HeadsWidth);
        _mixed.AtLeast((long)Tiled(_rows.Count) * QueryWidth);
        _gated.AtLeast((long)Tiled(_rows.Count) * config.IntermediateSize);
        return RunJob(wanted);
    }

    public nint Logits(ReadOnlySpan<int> wanted)
    {
        _rows = new PassRows([]);
        return wanted.IsEmpty ? 0 : RunJob(wanted);
    }

    private nint RunJob(ReadOnlySpan<int> wanted)
    {
        _wanted = wanted.ToArray();
        var rows = Tiled(Math.Max(_rows.Count, _wanted.Length));
        _logits.AtLeast((long)_wanted.Length * config.VocabularySize);
        foreach (var worker in _workers)
        {
            worker.Normed.AtLeast((long)rows * C);
            worker.Row.AtLeast(Math.Max(C, HeadRows<L, V, S>.Scratch(D)));
            worker.Product.AtLeast(2L * rows * Chunk);
            worker.Scores.AtLeast(HeadRows<L, V, S>.Scores(_rows.Longest));
        }

        _board.Reset();
        pool.Run(this);
        weights.KeepAlive();
        return (nint)_logits.Floats;
    }

    void ISharedWork.Run(int worker)
    {
        var own = _workers[worker];
        own.Phase = 0;
        for (var layer = 0; layer < config.LayerCount && _rows.Count > 0; layer++) RunLayer(layer, weights.Layers[layer], own);
        Head(own);
    }

    public void Dispose()
    {
        foreach (var buffer in (NativeBuffer[])[_stream, _heads, _mixed, _gated, _logits]) buffer.Dispose();
        foreach (var worker in _workers) worker.Dispose();
    }

    private void RunLayer(int layer, KernelWeights.Layer block, Worker own)
    {
        for (var row = 0; row < _rows.Count; row++) Norm(row, block.InputNorm, own, row, Slots);
        ProjectHeads(block, own);
        var heads = _rows.Count * config.KeyValueHeadCount;
        if (_rows.SequencesRepeat)                                                // rows see keys of other rows: all must be there first
        {
            for (; TryTake(own, heads, out var item); Finish(own)) Append(layer, item, own);
            Await(own, heads);
        }

        var items = _rows.Tiles.Length * config.KeyValueHeadCount;
        for (; TryTake(own, items, out var item); Finish(own))
        {
            if (!_rows.SequencesRepeat) Append(layer, item, own);                 // tiles of one row
            Attend(layer, item, own);
        }

        Await(own, items);
        AddProduct(block.Output, _mixed.Floats, own);
        for (var row = 0; row < _rows.Count; row++) Norm(row, block.PostNorm, own, row, Slots);
        Gate(block, own);
        AddProduct(block.Down, _gated.Floats, own);
    }

    private void Norm(int row, nint gain, Worker own, int packedRow, int slots)
    {
        RowKernel<L, V>.RmsNorm(_stream.Floats + ((nint)row * C), (float*)gain, C, config.RmsNormEps, own.Row.Floats);
        Pack(own.Row.Floats, 0, C, own.Normed.Floats, packedRow, slots, C);
    }

    private void ProjectHeads(KernelWeights.Layer block, Worker own)
    {
        int queries = Chunks(block.Query), keys = Chunks(block.Key), all = queries + (2 * keys);
        for (; TryTake(own, all, out var chunk); Finish(own))
        {
            if (chunk < queries) Project(block.Query, chunk, 0);
            else if (chunk < queries + keys) Project(block.Key, chunk - queries, QueryWidth);
            else Project(block.Value, chunk - queries - keys, QueryWidth + KeyWidth);
        }

        Await(own, all);

        void Project(in Matrix matrix, int chunk, int column)
        {
            var (from, count) = Multiply(matrix, chunk, own.Normed.Floats, _rows.Count, Slots, own.Product.Floats);
            for (var row = 0; row < _rows.Count; row++)
                Copy(own.Product.Floats + (row * Chunk), _heads.Floats + ((nint)row * HeadsWidth) + column + from, count);
        }
    }

    private void AddProduct(in Matrix matrix, float* packed, Worker own)
    {
        for (; TryTake(own, Chunks(matrix), out var chunk); Finish(own))
        {
            var (from, count) = Multiply(matrix, chunk, packed, _rows.Count, Slots, own.Product.Floats);
            for (var row = 0; row < _rows.Count; row++)
                RowKernel<L, V>.Add<Float32>((byte*)(own.Product.Floats + (row * Chunk)), _stream.Floats + ((nint)row * C) + from, count);
        }

        Await(own, Chunks(matrix));
    }

    private void Gate(KernelWeights.Layer block, Worker own)
    {
        for (; TryTake(own, Chunks(block.Gate), out var chunk); Finish(own))
        {
            float* gate = own.Product.Floats, up = gate + (Tiled(_rows.Count) * Chunk);
            var (from, count) = Multiply(block.Gate, chunk, own.Normed.Floats, _rows.Count, Slots, gate);
            Multiply(block.Up, chunk, own.Normed.Floats, _rows.Count, Slots, up);
            RowKernel<L, V>.SwiGlu(gate, up, _rows.Count * Chunk);
            for (var row = 0; row < _rows.Count; row++) Pack(gate + (row * Chunk), from, count, _gated.Floats, row, Slots, config.IntermediateSize);
        }

        Await(own, Chunks(block.Gate));
    }

    private void Head(Worker own)
    {
        if (_wanted.Length == 0) return;
        var slots = SlotsFor(_wanted.Length);
        for (var i = 0; i < _wanted.Length; i++) Norm(_wanted[i], weights.Norm, own, i, slots);
        for (; TryTake(own, Chunks(weights.Head), out var chunk); Finish(own))
        {
            var (from, count) = Multiply(weights.Head, chunk, own.Normed.Floats, _wanted.Length, slots, own.Product.Floats);
            for (var i = 0; i < _wanted.Length; i++)
                Copy(own.Product.Floats + (i * Chunk), _logits.Floats + ((nint)i * config.VocabularySize) + from, count);
        }

        Await(own, Chunks(weights.Head));
    }

    private static (int From, int Count) Multiply(in Matrix matrix, int chunk, float* packed, int rows, int slots, float* product)
    {
        var from = chunk * Chunk;
        var count = Math.Min(Chunk, matrix.Outputs - from);
        MatrixKernel<L, V, E>.Multiply(matrix, from, count, packed, rows, slots, product);
        return (from, count);
    }

    private bool TryTake(Worker own, int chunks, out int chunk) => _board.TryTake(own.Phase, chunks, out chunk);

    private void Finish(Worker own) => _board.Finish(own.Phase);

    private void Await(Worker own, int chunks) => _board.Await(own.Phase++, chunks);

    private static void Pack(float* values, int from, int count, float* packed, int row, int slots, int K) =>
        Packing<L, V, E>.Put(values, from, count, packed + ((nint)(row - (row % slots)) * K), row % slots, slots, K);

    private static void Copy(float* source, float* target, int count) => new Span<float>(source, count).CopyTo(new Span<float>(target, count));

    private static int Chunks(in Matrix matrix) => (matrix.Outputs + Chunk - 1) / Chunk;

    private static int SlotsFor(int rows) => rows < 4 ? 1 : 4;

    private static int Tiled(int rows) => (rows + SlotsFor(rows) - 1) / SlotsFor(rows) * SlotsFor(rows);

    /// <summary>What a worker has for itself.</summary>
    private sealed class Worker : IDisposable
    {
        public int Phase;

        public NativeBuffer Normed { get; } = new();

        public NativeBuffer Row { get; } = new();

        public NativeBuffer Product { get; } = new();

        public NativeBuffer Scores { get; } = new();

        public void Dispose()
        {
            foreach (var buffer in (NativeBuffer[])[Normed, Row, Product, Scores]) buffer.Dispose();
        }
    }
}
