using M3.Adaptive.Inference.Kernels;
using M3.Adaptive.Model.Costs;
using M3.Adaptive.Model.Network;

namespace M3.Adaptive.Inference.Arithmetic;

/// <summary>
/// Many sequences in a pass. Decoding is always computed in one way, and a prefill in ways that its own length and its parts' choose: what a sequence is
/// given does not depend on others, but for float32's rounding where they make its prefill come in parts.
/// </summary>
/// <param name="model">Outlives this.</param>
/// <param name="pool">This arithmetic's from here on.</param>
/// <param name="passes">Likewise.</param>
/// <param name="prefill">Which way at which length.</param>
/// <param name="decode">The way of all decoding.</param>
/// <param name="encoder">Of pictures.</param>
internal sealed class BatchedArithmetic(M3Model model, WorkerPool pool, Passes passes, PrefillTable prefill, Products decode, Encoder encoder) : IArithmetic
{
    private readonly LanguageCost _cost = new(model.Config.Language, (int)model.Language.EmbeddingWeight.element_size());

    public string Description =>
        $"weights, keys and values in {passes.Type}; decoding by {decode} ({passes.Width}-bit vectors); prefill: {prefill}; encoding in {encoder}";

    public int Vocabulary => model.Config.Language.VocabularySize;

    public int LeastPart { get; } = prefill.LeastPart;

    public long KvBytes(int capacity) => _cost.CacheBytesPerToken * capacity;

    public Encoding Encode(IReadOnlyList<float[]> pixels) => encoder.Encode(pixels);

    public SequenceState NewSequence(int capacity) => passes.NewSequence(capacity, KvBytes(capacity));

    public SequenceState Fork(SequenceState start, int positions, int capacity) => passes.Fork(start, positions, capacity, KvBytes(capacity));

    public void Prefill(IReadOnlyList<PrefillChunk> chunks)
    {
        foreach (var chunk in chunks) chunk.Sequence.RequireRoom(chunk.Length);
        foreach (var group in chunks.Where(static chunk => chunk.Length > 0).GroupBy(chunk => prefill.For(chunk.Length, chunk.Whole)))
            passes.Prefill(group.Key, [.. group]);
    }

    public void Decode(ReadOnlySpan<DecodeRow> rows)
    {
        if (rows.IsEmpty) return;
        foreach (var row in rows) row.Sequence.RequireRoom(1);
        passes.Decode(decode, rows);
    }

    public void Dispose()
    {
        passes.Dispose();
        pool.Dispose();
    }
}
