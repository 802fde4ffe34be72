using System.Text;
using M3.Adaptive.Model.Checkpoint;
using Xunit;

namespace M3.Adaptive.Model.Tests.Checkpoint;

public sealed class SafetensorsWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Target => _folder.Combine("out.safetensors");

    [Fact]
    public void Write_Tensors_ComeBack()
    {
        SafetensorsWriter.Write(Target, [Source("w", TensorType.Float32, [2, 3], 1, 2, 3, 4, 5, 6), Source("none", TensorType.Float32, [0])]);

        using var file = SafetensorsFile.Open(Target);
        Assert.Equal([1f, 2, 3, 4, 5, 6], file["w"].ToFloats());
        Assert.Equal([2, 3], file["w"].Shape);
        Assert.Empty(file["none"].ToFloats());
    }

    [Fact]
    public void Write_AnyOrder_GivesTheSameBytes()
    {
        TensorSource[] tensors = [Source("b", TensorType.Float32, [1], 1), Source("a", TensorType.BFloat16, [1], 2), Source("c", TensorType.Float32, [1], 3)];
        SafetensorsWriter.Write(Target, tensors);
        var first = File.ReadAllBytes(Target);

        SafetensorsWriter.Write(Target, tensors.Reverse());

        Assert.Equal(first, File.ReadAllBytes(Target));
    }

    [Fact]
    public void Write_Header_IsAlignedAndSaysWhatReadersElsewhereNeed()
    {
        SafetensorsWriter.Write(Target, [Source("x", TensorType.Float16, [3], 1, 2, 3), Source("y", TensorType.Float32, [1], 4)]);

        var bytes = File.ReadAllBytes(Target);
        var length = BitConverter.ToInt64(bytes);
        var header = Encoding.UTF8.GetString(bytes, 8, (int)length);

        Assert.Equal(0, length % 8);
        Assert.StartsWith("""{"__metadata__":{"format":"pt"},"y":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"x":{""", header);
        Assert.Equal(8 + length + 10, bytes.Length);
    }

    [Theory]
    [InlineData(1.0f, 0x3F80)]
    [InlineData(1.00390625f, 0x3F80)]           // half way: to even, down
    [InlineData(1.01171875f, 0x3F82)]           // half way: to even, up
    [InlineData(1.004f, 0x3F81)]            // just above half way
    [InlineData(-1.01171875f, 0xBF82)]
    [InlineData(float.MaxValue, 0x7F80)]        // rounds to infinity
    [InlineData(float.PositiveInfinity, 0x7F80)]
    [InlineData(float.NegativeInfinity, 0xFF80)]
    [InlineData(-0.0f, 0x8000)]
    [InlineData(float.Epsilon, 0x0000)]
    public void FromSingle_BFloat16_RoundsToTheNearestEven(float value, int bits)
    {
        var bytes = new byte[2];

        FloatConversion.FromSingle(TensorType.BFloat16, [value], bytes);

        Assert.Equal(bits, BitConverter.ToUInt16(bytes));
    }

    [Fact]
    public void FromSingle_NaNs_StayNaN()
    {
        var payload = BitConverter.UInt32BitsToSingle(0x7F800001);      // a NaN that would become infinity by cutting
        var bytes = new byte[4];
        var back = new float[2];

        foreach (var type in (TensorType[])[TensorType.BFloat16, TensorType.Float16])
        {
            FloatConversion.FromSingle(type, [payload, float.NaN], bytes);
            FloatConversion.ToSingle(type, bytes, back);
            Assert.All(back, value => Assert.True(float.IsNaN(value)));
        }
    }

    [Theory]
    [InlineData(TensorType.BFloat16)]
    [InlineData(TensorType.Float16)]
    public void ToSingleFromSingle_EveryStoredValue_ComesBack(TensorType type)
    {
        var stored = new byte[2 * 65_536];
        for (var bits = 0; bits < 65_536; bits++) BitConverter.TryWriteBytes(stored.AsSpan(2 * bits), (ushort)bits);
        var floats = new float[65_536];
        var back = new byte[stored.Length];

        FloatConversion.ToSingle(type, stored, floats);
        FloatConversion.FromSingle(type, floats, back);

        for (var bits = 0; bits < 65_536; bits++)
        {
            if (!float.IsNaN(floats[bits])) Assert.Equal((ushort)bits, BitConverter.ToUInt16(back, 2 * bits));
        }
    }

    [Theory]
    [InlineData(TensorType.Float32, 3)]
    [InlineData(TensorType.BFloat16, 3)]
    [InlineData(TensorType.Int64, 8)]
    public void ToSingle_SizesOrTypeThatDoNotFit_AreRefused(TensorType type, int bytes) =>
        Assert.Throws<ArgumentException>(() => FloatConversion.ToSingle(type, new byte[bytes], new float[1]));

    [Fact]
    public void Write_NameTwice_IsRefusedAndNothingWritten()
    {
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(Target, [Source("x", TensorType.Float32, [1], 1), Source("x", TensorType.Float32, [1], 2)]));

        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Write_ValuesThatDoNotFillTheShape_LeaveTheOldFile()
    {
        SafetensorsWriter.Write(Target, [Source("x", TensorType.Float32, [1], 7)]);

        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(Target, [Source("x", TensorType.Float32, [2], 1)]));

        Assert.Equal([Target], Directory.GetFiles(_folder.Path));
        using var file = SafetensorsFile.Open(Target);
        Assert.Equal([7f], file["x"].ToFloats());
    }

    public void Dispose() => _folder.Dispose();

    private static TensorSource Source(string name, TensorType type, long[] shape, params float[] values) => new(name, type, shape, () => values);
}
