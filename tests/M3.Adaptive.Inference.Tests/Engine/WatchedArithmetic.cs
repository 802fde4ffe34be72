using M3.Adaptive.Inference.Arithmetic;
using M3.Adaptive.Inference.Engine;
using Microsoft.Extensions.Logging.Abstractions;

namespace M3.Adaptive.Inference.Tests.Engine;

/// <summary>The plain arithmetic, with a chance to wait or to fail before each pass.</summary>
internal sealed class WatchedArithmetic(IArithmetic inner) : IArithmetic
{
    /// <summary>Given how many sequences the pass has.</summary>
    public Action<int> OnPrefill { get; set; } = static _ => { };

    public Action<IReadOnlyList<PrefillChunk>> OnChunks { get; set; } = static _ => { };

    /// <inheritdoc cref="OnPrefill"/>
    public Action<int> OnDecode { get; set; } = static _ => { };

    public string Description => inner.Description;

    public int Vocabulary => inner.Vocabulary;

    public int LeastPart => inner.LeastPart;

    /// <summary>A generator of the tiny model, and what it computes with.</summary>
    public static (M3Generator Generator, WatchedArithmetic Passes) Generator(InferenceOptions options)
    {
        var loaded = TinyModel.Load();
        var passes = new WatchedArithmetic(new PlainArithmetic(loaded.Model));
        return (new M3Generator(loaded, options, TimeProvider.System, NullLogger<M3Generator>.Instance, null, () => passes), passes);
    }

    public long KvBytes(int capacity) => inner.KvBytes(capacity);

    public Encoding Encode(IReadOnlyList<float[]> pixels) => inner.Encode(pixels);

    public SequenceState NewSequence(int capacity) => inner.NewSequence(capacity);

    public SequenceState Fork(SequenceState start, int positions, int capacity) => inner.Fork(start, positions, capacity);

    public void Prefill(IReadOnlyList<PrefillChunk> chunks)
    {
        OnPrefill(chunks.Count);
        OnChunks(chunks);
        inner.Prefill(chunks);
    }

    public void Decode(ReadOnlySpan<DecodeRow> rows)
    {
        OnDecode(rows.Length);
        inner.Decode(rows);
    }

    public void Dispose() => inner.Dispose();
}
