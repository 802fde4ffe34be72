using M3.Adaptive.Inference.Kernels;
using M3.Adaptive.Model.Network;
using static TorchSharp.torch;

namespace M3.Adaptive.Inference.Arithmetic;

/// <summary>Every way to run a pass over one decoder, or over its first blocks alone. All of them read and write the same sequences.</summary>
internal sealed class Passes : IDisposable
{
    private readonly LanguageConfig _config;
    private readonly KernelWeights _weights;
    private readonly IDecoderKernels _kernels;
    private readonly Dictionary<Products, PackedPasses> _packed = [];

    /// <param name="model">On the CPU, in bfloat16 or float32; must outlive this.</param>
    /// <param name="config">The model's, perhaps with fewer layers.</param>
    /// <param name="int8">Whether kernels take the weights as 8-bit integers, a copy that is made here.</param>
    /// <param name="width">Bits of a vector.</param>
    public Passes(LanguageModel model, LanguageConfig config, WorkerPool pool, bool int8, int width)
    {
        (_config, Type, Width) = (config, model.EmbeddingWeight.dtype, width);
        _weights = new KernelWeights(model, config, Type, int8);
        _kernels = KernelSet.Create(config, _weights, pool, width);
        Add(Products.Float32, ScalarType.Float32);
        if (Type == ScalarType.BFloat16) Add(Products.BFloat16, ScalarType.BFloat16);

        void Add(Products products, ScalarType type) => _packed[products] = new PackedPasses(
            model, config, _weights, _kernels, KernelSet.CreatePacked(config, _weights, pool, width, type, Type), type);
    }

    /// <summary>Of weights, keys and values.</summary>
    public ScalarType Type { get; }

    /// <summary>Bits of the kernels' vectors.</summary>
    public int Width { get; }

    /// <summary>The ways that a prefill may take: those that lose nothing of what the weights' type holds.</summary>
    public IEnumerable<Products> Ways => _weights.IsInt8 ? _packed.Keys : _packed.Keys.Prepend(Products.Kernels);

    public SequenceState NewSequence(int capacity, long bytes) => new(new KvCache(_config, capacity, Type), bytes);

    public SequenceState Fork(SequenceState start, int positions, int capacity, long bytes) => new(start.Cache.Fork(_config, capacity, positions), bytes);

    public void Prefill(Products products, IReadOnlyList<PrefillChunk> chunks)
    {
        if (products == Products.Kernels)
        {
            var input = new KernelInput(_kernels, _config, chunks.Sum(static chunk => chunk.Length));
            foreach (var chunk in chunks) input.Add(chunk);
            input.CopyLogits(_kernels.Run(input.Rows, input.Wanted));
        }
        else
        {
            _packed[products].Prefill(chunks);
        }
    }

    public void Decode(Products products, ReadOnlySpan<DecodeRow> rows)
    {
        if (products == Products.Kernels)
        {
            var input = new KernelInput(_kernels, _config, rows.Length);
            foreach (var row in rows) input.Add(row);
            input.CopyLogits(_kernels.Run(input.Rows, input.Wanted));
        }
        else
        {
            var chunks = new PrefillChunk[rows.Length];
            for (var i = 0; i < chunks.Length; i++) chunks[i] = new PrefillChunk(rows[i].Sequence, null, new[] { rows[i].Token }, rows[i].Logits);
            _packed[products].Prefill(chunks);
        }
    }

    public void Dispose()
    {
        foreach (var packed in _packed.Values) packed.Dispose();
        _kernels.Dispose();
        _weights.Dispose();
    }
}
