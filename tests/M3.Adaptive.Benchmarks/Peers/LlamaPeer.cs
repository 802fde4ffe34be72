using LLama;
using LLama.Common;
using LLama.Native;

namespace M3.Adaptive.Benchmarks.Peers;

/// <summary>llama.cpp as LLamaSharp ships it, over a GGUF file.</summary>
internal sealed class LlamaPeer : IPeer
{
    private const int RoomForSteps = 64;

    private readonly string _path;
    private readonly LLamaWeights _weights;
    private readonly LLamaContext _prompt;
    private readonly bool _unified;
    private LLamaContext? _batch;
    private int[] _lengths = [], _steps = [];

    /// <param name="path">A GGUF file.</param>
    /// <param name="longest">Tokens of the longest prompt.</param>
    /// <param name="unified">Whether sequences share one KV buffer; which is quicker depends on the batch, so both are tried.</param>
    public LlamaPeer(string path, int longest, bool unified)
    {
        (_path, _unified) = (path, unified);
        _weights = LLamaWeights.LoadFromFile(Parameters(longest, 1));
        _prompt = _weights.CreateContext(Parameters(longest, 1));
    }

    public float[] Prefill(int[] tokens)
    {
        _prompt.NativeHandle.MemoryClear(true);
        var batch = new LLamaBatch();
        Add(batch, tokens, 0);
        Decode(_prompt, batch);
        return _prompt.NativeHandle.GetLogitsIth(tokens.Length - 1).ToArray();
    }

    public void Hold(int[] lengths)
    {
        _batch?.Dispose();
        _lengths = lengths;
        _steps = new int[lengths.Length];
        _batch = _weights.CreateContext(Parameters(lengths.Max() + RoomForSteps, lengths.Length));
        for (var sequence = 0; sequence < lengths.Length; sequence++)
        {
            var batch = new LLamaBatch();
            Add(batch, Prompts.Of(lengths[sequence]), sequence);
            Decode(_batch, batch);
        }
    }

    public float[] Step(int token)
    {
        var batch = new LLamaBatch();
        for (var sequence = 0; sequence < _lengths.Length; sequence++)
            batch.Add((LLamaToken)token, _lengths[sequence] + _steps[sequence]++, (LLamaSeqId)sequence, true);
        Decode(_batch!, batch);
        return _batch!.NativeHandle.GetLogitsIth(0).ToArray();
    }

    public void Rewind()
    {
        for (var sequence = 0; sequence < _lengths.Length; sequence++)
            _batch!.NativeHandle.MemorySequenceRemove((LLamaSeqId)sequence, _lengths[sequence], -1);
        Array.Clear(_steps);
    }

    public void Dispose()
    {
        _batch?.Dispose();
        _prompt.Dispose();
        _weights.Dispose();
    }

    private ModelParams Parameters(int longest, int sequences)
    {
        const int granule = 256;                                                  // llama.cpp rounds a sequence's slots up to this
        var slots = (longest + granule - 1) / granule * granule;
        return new ModelParams(_path)
        {
            ContextSize = (uint)(slots * sequences),
            SeqMax = (uint)sequences,
            BatchSize = (uint)slots,
            UBatchSize = (uint)slots,
            GpuLayerCount = 0,
            Threads = Environment.ProcessorCount,
            BatchThreads = Environment.ProcessorCount,
            KVUnified = _unified,
        };
    }

    private static void Add(LLamaBatch batch, int[] tokens, int sequence)
    {
        for (var at = 0; at < tokens.Length; at++) batch.Add((LLamaToken)tokens[at], at, (LLamaSeqId)sequence, at == tokens.Length - 1);
    }

    private static void Decode(LLamaContext context, LLamaBatch batch)
    {
        var result = context.NativeHandle.Decode(batch);
        if (result != DecodeResult.Ok) throw new InvalidOperationException($"llama.cpp refused a batch of {batch.TokenCount} tokens: {result}.");
    }
}
