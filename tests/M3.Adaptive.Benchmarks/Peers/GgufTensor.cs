using System.Buffers.Binary;

namespace M3.Adaptive.Benchmarks.Peers;

/// <summary>How a GGUF file stores the values of a tensor; the numbers are the format's own.</summary>
internal enum GgufType
{
    /// <summary>Four bytes a value.</summary>
    F32 = 0,

    /// <summary>Blocks of 32 values: a half-precision scale, then 32 signed bytes.</summary>
    Q8_0 = 8,

    /// <summary>The upper two bytes of a float, rounded to nearest.</summary>
    BF16 = 30,
}

/// <summary>One tensor of a GGUF file.</summary>
/// <param name="Name">As llama.cpp looks for it.</param>
/// <param name="Rows">1 for a vector.</param>
/// <param name="Columns">Values of a row; a multiple of 32 in <see cref="GgufType.Q8_0"/>.</param>
/// <param name="Values">Row after row.</param>
internal sealed record GgufTensor(string Name, int Rows, int Columns, float[] Values, GgufType Type)
{
    private const int Block = 32;

    /// <summary>The values as the type stores them.</summary>
    public byte[] Encode()
    {
        var bytes = new byte[Type switch
        {
            GgufType.F32 => Values.Length * sizeof(float),
            GgufType.BF16 => Values.Length * sizeof(ushort),
            _ => Values.Length / Block * (sizeof(ushort) + Block),
        }];
        switch (Type)
        {
            case GgufType.F32:
                for (var i = 0; i < Values.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), Values[i]);
                break;
            case GgufType.BF16:
                for (var i = 0; i < Values.Length; i++) BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(i * sizeof(ushort)), Rounded(Values[i]));
                break;
            default:
                for (var block = 0; block < Values.Length / Block; block++)
                    Quantize(Values.AsSpan(block * Block, Block), bytes.AsSpan(block * (sizeof(ushort) + Block)));
                break;
        }

        return bytes;
    }

    // To nearest, ties to even, as libtorch does.
    private static ushort Rounded(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    private static void Quantize(ReadOnlySpan<float> values, Span<byte> block)
    {
        var largest = 0f;
        foreach (var value in values) largest = Math.Max(largest, Math.Abs(value));
        var scale = largest / sbyte.MaxValue;
        BinaryPrimitives.WriteHalfLittleEndian(block, (Half)scale);
        for (var i = 0; i < values.Length; i++)
            block[sizeof(ushort) + i] = (byte)(sbyte)(scale == 0 ? 0 : MathF.Round(values[i] / scale));
    }
}
