using static TorchSharp.torch;

namespace M3.Adaptive.Inference.Arithmetic;

/// <summary>
/// The passes of the network over a batch of sequences. Every call comes from the thread that owns the model; no tensor outlives a call but
/// those that are handed out. What a sequence is given does not depend on the others of its batch.
/// </summary>
internal interface IArithmetic : IDisposable
{
    /// <summary>What was chosen for which pass, in a line for logs and <c>inspect</c>.</summary>
    string Description { get; }

    /// <summary>V, logits of one position.</summary>
    int Vocabulary { get; }

    /// <summary>Positions of the smallest parts that a long prefill is worth being cut into, 1 or more.</summary>
    int LeastPart { get; }

    /// <summary>Bytes of keys and values that a sequence takes, known before it is made.</summary>
    long KvBytes(int capacity);

    /// <summary>Begins to encode pictures as a batch, each [3, S, S], normalised; the caller's.</summary>
    Encoding Encode(IReadOnlyList<float[]> pixels);

    /// <summary>An empty sequence; the caller's.</summary>
    /// <param name="capacity">Positions that will fit.</param>
    SequenceState NewSequence(int capacity);

    /// <summary>A sequence of its own that begins with a copy of another's first positions; the caller's.</summary>
    /// <param name="positions">That are copied.</param>
    /// <param name="capacity">Positions that will fit, those copied among them.</param>
    SequenceState Fork(SequenceState start, int positions, int capacity);

    /// <summary>Adds positions to several sequences, each of which appears once.</summary>
    /// <exception cref="InvalidOperationException">A sequence has no room for its positions; nothing was added to any.</exception>
    void Prefill(IReadOnlyList<PrefillChunk> chunks);

    /// <summary>Adds one token to each of several sequences of any lengths, each of which appears once.</summary>
    /// <exception cref="InvalidOperationException">A sequence is full; nothing was added to any.</exception>
    void Decode(ReadOnlySpan<DecodeRow> rows);
}

/// <summary>Positions that a sequence is given in one pass: visual tokens, then text; either may be missing.</summary>
/// <param name="Sequence">What they are added to.</param>
/// <param name="Visual">Visual tokens, pooled, or a slice of them: float32, [T, C]; read during the call.</param>
/// <param name="Text">Ids behind the visual tokens.</param>
/// <param name="Logits">Takes the logits behind the last k positions, [k, V], k being its length over V; empty: none are wanted.</param>
internal readonly record struct PrefillChunk(SequenceState Sequence, Tensor? Visual, ReadOnlyMemory<int> Text, Memory<float> Logits)
{
    private readonly int _whole;

    /// <summary>
    /// Positions of the prefill that this chunk is a part of; it is all of it unless stated otherwise. The precision of computing is chosen by it, so that
    /// cutting a prefill into chunks does not change it.
    /// </summary>
    public int Whole
    {
        get => Math.Max(_whole, Length);
        init => _whole = value;
    }

    /// <summary>T, positions added.</summary>
    public int Length => (int)(Visual?.shape[0] ?? 0) + Text.Length;
}

/// <summary>One decoding step of one sequence.</summary>
/// <param name="Sequence">What the token is added to.</param>
/// <param name="Token">Its id.</param>
/// <param name="Logits">Takes the logits of the token that follows, [V].</param>
internal readonly record struct DecodeRow(SequenceState Sequence, int Token, Memory<float> Logits);
