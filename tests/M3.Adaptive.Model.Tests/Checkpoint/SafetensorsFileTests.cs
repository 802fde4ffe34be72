using System.Buffers.Binary;
using System.Text;
using M3.Adaptive.Model.Checkpoint;
using Xunit;

namespace M3.Adaptive.Model.Tests.Checkpoint;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Open_TwoTensors_ReadsNamesTypesShapesAndBytes()
    {
        using var file = Open(
            """{"__metadata__":{"format":"pt"},"b":{"dtype":"I64","shape":[2],"data_offsets":[8,24]},"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}""",
            [.. BitConverter.GetBytes(1.5f), .. BitConverter.GetBytes(-2f), .. BitConverter.GetBytes(long.MaxValue), .. BitConverter.GetBytes(-1L)]);

        Assert.Equal(["a", "b"], file.Tensors.Keys.Order());
        Assert.Equal([1, 2], file["a"].Shape);
        Assert.Equal("F32 [1, 2]", file["a"].Description);
        Assert.Equal([1.5f, -2f], file["a"].ToFloats());
        using var integers = file["b"].Map();
        Assert.Equal([.. BitConverter.GetBytes(long.MaxValue), .. BitConverter.GetBytes(-1L)], integers.Bytes.ToArray());
    }

    [Fact]
    public void Open_ScalarAndEmptyTensor_AreRead()
    {
        using var file = Open(
            """{"none":{"dtype":"F32","shape":[0,7],"data_offsets":[0,0]},"one":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}""", [42]);

        using var bytes = file["one"].Map();
        Assert.Equal([42], bytes.Bytes.ToArray());
        Assert.Empty(file["none"].ToFloats());
        Assert.Empty(file["one"].Shape);
    }

    [Fact]
    public void Open_NoTensors_IsEmpty()
    {
        using var file = Open("{}    ", []);

        Assert.Empty(file.Tensors);
    }

    [Theory]
    [InlineData("BF16", new byte[] { 0x80, 0x3F, 0x00, 0xC0 }, new[] { 1f, -2f })]
    [InlineData("F16", new byte[] { 0x00, 0x3C, 0x00, 0xC0 }, new[] { 1f, -2f })]
    public void ToFloats_HalfTypes_AreWidened(string type, byte[] data, float[] expected)
    {
        using var file = Open($$$"""{"x":{"dtype":"{{{type}}}","shape":[2],"data_offsets":[0,4]}}""", data);

        Assert.Equal(expected, file["x"].ToFloats());
    }

    // Each header belongs to a file with 8 bytes of data.
    [Theory]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}""", "not JSON")]
    [InlineData("""[1]""", "expected StartObject")]
    [InlineData("""null""", "expected StartObject")]
    [InlineData("", "not JSON")]
    [InlineData("""{"x":1}""", "tensor x: expected StartObject")]
    [InlineData("""{"x":null}""", "tensor x: expected StartObject")]
    [InlineData("""{"x":{}}""", "tensor x lacks")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2]}}""", "tensor x lacks")]
    [InlineData("""{"x":{"dtype":"F32","data_offsets":[0,8]}}""", "tensor x lacks")]
    [InlineData("""{"x":{"shape":[2],"data_offsets":[0,8]}}""", "tensor x lacks")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[8]}}""", "tensor x lacks")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8,8]}}""", "more than 2")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"more":1}}""", "unknown key more")]
    [InlineData("""{"x":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "states dtype twice")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "listed twice")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\u0078":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "listed twice")]
    [InlineData("""{"x":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}""", "dtype F64: expected")]
    [InlineData("""{"x":{"dtype":"f32","shape":[2],"data_offsets":[0,8]}}""", "dtype f32: expected")]
    [InlineData("""{"x":{"dtype":7,"shape":[2],"data_offsets":[0,8]}}""", "dtype: expected String")]
    [InlineData("""{"x":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", "shape: expected whole numbers")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}}""", "shape: expected whole numbers")]
    [InlineData("""{"x":{"dtype":"F32","shape":["2"],"data_offsets":[0,8]}}""", "shape: expected whole numbers")]
    [InlineData("""{"x":{"dtype":"F32","shape":[[2]],"data_offsets":[0,8]}}""", "shape: expected whole numbers")]
    [InlineData("""{"x":{"dtype":"F32","shape":2,"data_offsets":[0,8]}}""", "shape: expected StartArray")]
    [InlineData("""{"x":{"dtype":"F32","shape":[18446744073709551618],"data_offsets":[0,8]}}""", "shape: expected whole numbers")]
    [InlineData("""{"x":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}}""", "overflows")]
    [InlineData("""{"x":{"dtype":"F32","shape":[9223372036854775807,2,2],"data_offsets":[0,8]}}""", "overflows")]
    [InlineData("""{"x":{"dtype":"F32","shape":[4611686018427387906],"data_offsets":[0,8]}}""", "overflows")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1],"data_offsets":[0,8]}}""", "more than 16")]
    [InlineData("""{"x":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "F32 [3], takes 12 bytes, and data_offsets give it 8")]
    [InlineData("""{"x":{"dtype":"BF16","shape":[2],"data_offsets":[0,8]}}""", "takes 4 bytes")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", "before it begins")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}""", "data_offsets: expected whole numbers")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[9223372036854775800,9223372036854775808]}}""", "data_offsets: expected whole numbers")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[9223372036854775799,9223372036854775807]}}""", "there must be no gap")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "expected 0, there must be no gap")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"y":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "overlaps")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"y":{"dtype":"U8","shape":[2],"data_offsets":[3,5]}}""", "overlaps")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "end at byte 4 of the data, and the file holds 8")]
    [InlineData("""{}""", "end at byte 0 of the data, and the file holds 8")]
    [InlineData("""{"x":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", "the file holds 8: it is cut")]
    [InlineData("""{"__metadata__":{"n":1},"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "__metadata__: expected String")]
    [InlineData("""{"__metadata__":[],"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "__metadata__: expected StartObject")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} {}""", "not JSON")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},}""", "not JSON")]
    [InlineData("""{"\ud800":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "no text")]
    public void Open_HeaderThatLies_IsRefusedWithTheReason(string header, string reason)
    {
        var fault = Assert.Throws<CheckpointException>(() => Open(header, new byte[8]));

        Assert.Contains(reason, fault.Message);
        Assert.Contains("model.safetensors", fault.Message);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Fact]
    public void Open_HeaderThatIsNotUtf8_IsRefused()
    {
        var header = Encoding.UTF8.GetBytes("""{"x?":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""");
        header[3] = 0xFF;

        Assert.Contains("not UTF-8", Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(Write(header, new byte[8]))).Message);
    }

    [Fact]
    public void Open_DeepNesting_IsRefused() =>
        Assert.Throws<CheckpointException>(() => Open(string.Concat(Enumerable.Repeat("""{"x":""", 1000)), []));

    [Theory]
    [InlineData(0UL)]
    [InlineData(100_000_001UL)]
    [InlineData(9UL)]
    [InlineData(long.MaxValue)]
    [InlineData(ulong.MaxValue)]
    public void Open_LengthThatLies_IsRefused(ulong stated)
    {
        var file = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(file, stated);

        Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(WriteBytes(file)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public void Open_FileShorterThanItsLength_SaysSo(int bytes)
    {
        var fault = Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(WriteBytes(new byte[bytes])));

        Assert.Contains($"the file has {bytes} bytes", fault.Message);
    }

    [Fact]
    public void Open_FileCutAnywhere_IsRefused()
    {
        var path = Write(Encoding.UTF8.GetBytes("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"""), new byte[8]);
        var whole = File.ReadAllBytes(path);

        for (var length = 0; length < whole.Length; length++)
            Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(WriteBytes(whole[..length])));
    }

    [Fact]
    public void Open_AnyByteChanged_IsReadWithinTheFileOrRefused()
    {
        var path = Write(
            Encoding.UTF8.GetBytes("""{"x":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},"yy":{"dtype":"BF16","shape":[4],"data_offsets":[8,16]}}"""), new byte[16]);
        var whole = File.ReadAllBytes(path);
        var random = new Random(11);

        for (var round = 0; round < 500; round++)
        {
            byte[] changed = [.. whole];
            for (var change = random.Next(1, 4); change > 0; change--) changed[random.Next(changed.Length)] = (byte)random.Next(256);
            try
            {
                using var file = SafetensorsFile.Open(WriteBytes(changed));
                Assert.All(file.Tensors.Values, tensor =>
                {
                    using var bytes = tensor.Map();
                    Assert.InRange(bytes.Bytes.Length, 0, 16);
                });
            }
            catch (CheckpointException fault)
            {
                Assert.Contains("model.safetensors", fault.Message);
            }
        }
    }

    [Fact]
    public void Open_MissingFile_NamesIt() =>
        Assert.Contains("/nowhere/model.safetensors", Assert.Throws<CheckpointException>(() => SafetensorsFile.Open("/nowhere/model.safetensors")).Message);

    [Fact]
    public void Open_RefusedFile_IsNotKeptOpen()
    {
        var path = Write("{"u8.ToArray(), []);
        Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(path));

        using var exclusive = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        Assert.True(exclusive.CanWrite);
    }

    [Fact]
    public void Item_UnknownName_IsNamed()
    {
        using var file = Open("{}", []);

        Assert.Contains("no tensor lost", Assert.Throws<CheckpointException>(() => file["lost"]).Message);
    }

    [Fact]
    public void ToFloats_IntegerTensor_IsRefused()
    {
        using var file = Open("""{"x":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}""", new byte[8]);

        Assert.Contains("I64 [1]", Assert.Throws<CheckpointException>(() => file["x"].ToFloats()).Message);
    }

    [Fact]
    public void Map_AfterDispose_IsRefused()
    {
        var file = Open("""{"x":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}}""", new byte[8]);
        var tensor = file["x"];
        var mapped = tensor.Map();
        mapped.Dispose();
        file.Dispose();

        Assert.Throws<ObjectDisposedException>(() => _ = mapped.Bytes.Length);
        Assert.Throws<ObjectDisposedException>(tensor.Map);
    }

    [Fact]
    public void CopyTo_TensorOfSeveralWindows_ConvertsAllOfIt()
    {
        const int count = (1 << 20) * 2 + 77;
        var values = new float[count];
        for (var i = 0; i < count; i++) values[i] = i % 251;
        var path = _folder.Combine("large.safetensors");
        SafetensorsWriter.Write(path, [new TensorSource("x", TensorType.BFloat16, [count], () => values)]);
        using var file = SafetensorsFile.Open(path);
        var half = new byte[2 * count];

        file["x"].CopyTo(TensorType.Float16, half);

        Assert.Equal(values, file["x"].ToFloats());
        Assert.Equal((Half)(float)((count - 1) % 251), BitConverter.ToHalf(half, 2 * (count - 1)));
        Assert.Throws<ArgumentException>(() => file["x"].CopyTo(TensorType.Float16, half.AsSpan(1)));
    }

    public void Dispose() => _folder.Dispose();

    private SafetensorsFile Open(string header, byte[] data) => SafetensorsFile.Open(Write(Encoding.UTF8.GetBytes(header), data));

    private string Write(byte[] header, byte[] data) => WriteBytes([.. BitConverter.GetBytes((ulong)header.Length), .. header, .. data]);

    private string WriteBytes(byte[] bytes)
    {
        var path = _folder.Combine("model.safetensors");
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
