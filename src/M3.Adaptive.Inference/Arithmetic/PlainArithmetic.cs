using M3.Adaptive.Model.Costs;
using M3.Adaptive.Model.Network;
using static TorchSharp.torch;

namespace M3.Adaptive.Inference.Arithmetic;

/// <summary>One sequence after the other in float32, by the network's own classes: plain on purpose, the others are checked against it.</summary>
/// <param name="model">Outlives this.</param>
internal sealed class PlainArithmetic(M3Model model) : IArithmetic
{
    private readonly LanguageConfig _config = model.Config.Language;
    private readonly LanguageCost _cost = new(model.Config.Language);

    public string Description => "plain: float32, one sequence after the other";

    public int Vocabulary => _config.VocabularySize;

    public int LeastPart => 1;

    public long KvBytes(int capacity) => _cost.CacheBytesPerToken * capacity;

    public Encoding Encode(IReadOnlyList<float[]> pixels) => new(model, pixels, ScalarType.Float32);

    public SequenceState NewSequence(int capacity) => new(new KvCache(_config, capacity), KvBytes(capacity));

    public SequenceState Fork(SequenceState start, int positions, int capacity) => new(start.Cache.Fork(_config, capacity, positions), KvBytes(capacity));

    public void Prefill(IReadOnlyList<PrefillChunk> chunks)
    {
        foreach (var chunk in chunks) chunk.Sequence.RequireRoom(chunk.Length);
        foreach (var chunk in chunks) Run(chunk);
    }

    public void Decode(ReadOnlySpan<DecodeRow> rows)
    {
        foreach (var row in rows) row.Sequence.RequireRoom(1);
        foreach (var row in rows) Run(new PrefillChunk(row.Sequence, null, new[] { row.Token }, row.Logits));
    }

    public void Dispose()
    {
    }

    private void Run(PrefillChunk chunk)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var cache = chunk.Sequence.Cache;
        var embeddings = Embeddings.Of(model.Language, chunk).unsqueeze(0);       // [1, T, C]
        var positions = tensor(Rotary.Positions(cache.Length, chunk.Length)).unsqueeze(0);
        var hidden = model.Language.Forward(embeddings, positions, null, cache);  // [1, T, C]
        if (chunk.Logits.IsEmpty) return;
        var wanted = chunk.Logits.Length / Vocabulary;
        model.Language.Head(hidden.narrow(1, hidden.shape[1] - wanted, wanted)).reshape(-1).data<float>().CopyTo(chunk.Logits.Span);
    }
}
