using System.Runtime.InteropServices;
using M3.Adaptive.Inference.Kernels;
using M3.Adaptive.Model.Network;

namespace M3.Adaptive.Inference.Arithmetic;

/// <summary>The rows of one pass, as the kernels take them, and where their logits go.</summary>
internal sealed unsafe class KernelInput(IDecoderKernels kernels, LanguageConfig config, int count)
{
    private readonly List<KernelRow> _rows = new(count);
    private readonly List<int> _wanted = [];
    private readonly List<(SequenceState Sequence, int Positions, Memory<float> Logits)> _ends = [];

    /// <summary>The rows' vectors, float32, [rows, C].</summary>
    public nint Stream { get; } = kernels.Input(count);

    public ReadOnlySpan<KernelRow> Rows => CollectionsMarshal.AsSpan(_rows);

    /// <summary>Rows whose logits are wanted.</summary>
    public ReadOnlySpan<int> Wanted => CollectionsMarshal.AsSpan(_wanted);

    public void Add(PrefillChunk chunk)
    {
        if (chunk.Visual is not null) AddVisual(chunk.Sequence, ModelValues(chunk.Visual));
        AddText(chunk.Sequence, chunk.Text.Span, chunk.Length - chunk.Text.Length);
        End(chunk.Sequence, chunk.Length, chunk.Logits);
    }

    public void Add(DecodeRow row)
    {
        AddText(row.Sequence, [row.Token], 0);
        End(row.Sequence, 1, row.Logits);
    }

    /// <summary>Ends the pass: hands out logits, [wanted, V], and counts the sequences' new positions.</summary>
    public void CopyLogits(nint logits)
    {
        var next = (float*)logits;
        foreach (var (sequence, positions, target) in _ends)
        {
            new Span<float>(next, target.Length).CopyTo(target.Span);
            next += target.Length;
            sequence.Cache.Advance(positions);
        }
    }

    private void AddText(SequenceState sequence, ReadOnlySpan<int> tokens, int behind)
    {
        for (var i = 0; i < tokens.Length; i++)
        {
            kernels.Embed(tokens[i], _rows.Count);
            AddRow(sequence, behind + i);
        }
    }

    private void AddVisual(SequenceState sequence, float[] values)                // [T, C]
    {
        values.CopyTo(new Span<float>((float*)Stream + ((nint)_rows.Count * config.HiddenSize), values.Length));
        for (var i = 0; i < values.Length / config.HiddenSize; i++) AddRow(sequence, i);
    }

    private void AddRow(SequenceState sequence, int offset) => _rows.Add(new KernelRow(sequence.Address, sequence.Capacity, sequence.Length + offset));

    private void End(SequenceState sequence, int positions, Memory<float> logits)
    {
        for (var wanted = logits.Length / config.VocabularySize; wanted > 0; wanted--) _wanted.Add(_rows.Count - wanted);
        _ends.Add((sequence, positions, logits));
    }

    private static float[] ModelValues(TorchSharp.torch.Tensor visual)
    {
        using var dense = visual.contiguous();                                    // a slice of channels would not be
        return dense.data<float>().ToArray();
    }
}
