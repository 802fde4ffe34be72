using M3.Adaptive.Inference.Arithmetic;
using M3.Adaptive.Model.Network;

namespace M3.Adaptive.Benchmarks.Peers;

/// <summary>The engine's own batched arithmetic, as it chooses itself at the start.</summary>
internal sealed class OurPeer : IPeer
{
    private const int RoomForSteps = 64;

    private readonly IArithmetic _arithmetic;
    private SequenceState[] _held = [], _running = [];

    public OurPeer(M3Model model, WeightChoice weights) =>
        _arithmetic = ArithmeticChoice.Make(model, weights, Environment.ProcessorCount, TimeProvider.System);

    /// <summary>What was chosen.</summary>
    public string Description => _arithmetic.Description;

    public float[] Prefill(int[] tokens)
    {
        using var sequence = _arithmetic.NewSequence(tokens.Length);
        var logits = new float[_arithmetic.Vocabulary];
        _arithmetic.Prefill([new PrefillChunk(sequence, null, tokens, logits)]);
        return logits;
    }

    public void Hold(int[] lengths)
    {
        Free();
        _held = Array.ConvertAll(lengths, _arithmetic.NewSequence);
        _arithmetic.Prefill([.. _held.Select(static sequence => new PrefillChunk(sequence, null, Prompts.Of(sequence.Capacity), default))]);
        Rewind();
    }

    public float[] Step(int token)
    {
        var logits = new float[_running.Length][];
        var rows = new DecodeRow[_running.Length];
        for (var i = 0; i < rows.Length; i++) rows[i] = new DecodeRow(_running[i], token, logits[i] = new float[_arithmetic.Vocabulary]);
        _arithmetic.Decode(rows);
        return logits[0];
    }

    public void Rewind()
    {
        foreach (var sequence in _running) sequence.Dispose();
        _running = Array.ConvertAll(_held, held => _arithmetic.Fork(held, held.Length, held.Length + RoomForSteps));
    }

    public void Dispose()
    {
        Free();
        _arithmetic.Dispose();
    }

    private void Free()
    {
        foreach (var sequence in _running.Concat(_held)) sequence.Dispose();
        (_running, _held) = ([], []);
    }
}
