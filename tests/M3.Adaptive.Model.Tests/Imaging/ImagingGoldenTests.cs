using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using M3.Adaptive.Core;
using M3.Adaptive.Model.Checkpoint;
using M3.Adaptive.Model.Imaging;
using M3.Adaptive.TestKit.Golden;
using Xunit;

namespace M3.Adaptive.Model.Tests.Imaging;

public sealed class ImagingGoldenTests
{
    private static readonly Lazy<JsonNode> Expected = new(() => GoldenFolder.ReadJson(GoldenFolder.Index.Images.Expected));
    private static readonly Lazy<JsonNode> Bad = new(() => GoldenFolder.ReadJson(GoldenFolder.Index.Images.Bad));

    private static readonly Lazy<PreprocessorConfig> Config = new(ReadConfig);

    public static TheoryData<string> Pictures => [.. Expected.Value["pictures"]!.AsArray().Select(picture => Text(picture!, "name"))];

    public static TheoryData<string> BadFiles => [.. Bad.Value.AsArray().Select(file => Text(file!, "file"))];

    [GoldenTheory]
    [MemberData(nameof(Pictures))]
    public void Decode_Picture_HasTheReferencesBytes(string name)
    {
        var expected = Picture(name);
        var file = Read(Text(expected, "file"));

        var image = ImageDecoder.Decode(file, ImageLimits.Default);

        Assert.Equal(Text(expected, "file_sha256"), Sha256(file));
        Assert.Equal(expected["size"]!.AsArray().Select(side => side!.GetValue<int>()), [image.Width, image.Height]);
        Assert.Equal(Text(expected, "rgb_sha256"), Sha256(image.Pixels));
    }

    [GoldenTheory]
    [MemberData(nameof(Pictures))]
    public void PadToSquare_Picture_HasTheReferencesBytes(string name)
    {
        var expected = Picture(name);

        var square = Resizer.PadToSquare(DecodedReference(expected), Config.Value.PadColour);

        Assert.Equal(expected["square_side"]!.GetValue<int>(), square.Width);
        Assert.Equal(square.Width, square.Height);
        Assert.Equal(Text(expected, "square_rgb_sha256"), Sha256(square.Pixels));
    }

    [GoldenTheory]
    [MemberData(nameof(Pictures))]
    public void Bicubic_Picture_HasTheReferencesBytes(string name)
    {
        var expected = Picture(name);
        var image = DecodedReference(expected);
        var (colour, side) = (Config.Value.PadColour, Config.Value.Size);

        var plain = Resizer.Bicubic(Resizer.PadToSquare(image, colour), side, side);
        var fast = Resizer.BicubicSquare(image, side, colour);

        Assert.Equal(Text(expected, "resized_rgb_sha256"), Sha256(plain.Pixels));
        Assert.Equal(Text(expected, "resized_rgb_sha256"), Sha256(fast.Pixels));
    }

    [GoldenTheory]
    [MemberData(nameof(Pictures))]
    public void Pixels_Picture_AreWithinTheTolerance(string name)
    {
        var expected = Picture(name);
        var image = ImageDecoder.Decode(Read(Text(expected, "file")), ImageLimits.Default);
        using var tensors = SafetensorsFile.Open(GoldenFolder.Index.PathOf(GoldenFolder.Index.Images.Tensors));
        var rows = tensors[$"{name}.pixel_rows"];                                 // [3, rows, side]: the first rows of each channel

        var pixels = Preprocessor.FromConfig(Config.Value).Pixels(image);

        var perChannel = (int)(rows.ElementCount / 3);
        var (actual, plane) = (new List<float>(), pixels.Length / 3);
        for (var channel = 0; channel < 3; channel++) actual.AddRange(pixels.AsSpan(channel * plane, perChannel));
        AssertWithinUlps(rows.ToFloats(), [.. actual]);
        Assert.Equal(expected["pixels_sum"]!.GetValue<double>(), pixels.Sum(pixel => (double)pixel), 0.1);
        if (Sha256(MemoryMarshal.AsBytes(pixels.AsSpan())) != Text(expected, "pixels_sha256")) Assert.NotEqual(0, GoldenFolder.Index.Tolerances.PixelUlp);
    }

    [GoldenFact]
    public void PadColour_Mean_IsTheReferences()
    {
        var colour = Config.Value.PadColour;

        Assert.Equal(Expected.Value["pad_colour"]!.AsArray().Select(part => part!.GetValue<byte>()), [colour.Red, colour.Green, colour.Blue]);
    }

    [GoldenFact]
    public void Table_Value_IsWithinTheTolerance()
    {
        using var tensors = SafetensorsFile.Open(GoldenFolder.Index.PathOf(GoldenFolder.Index.Images.Tensors));

        AssertWithinUlps(tensors["pixel_table"].ToFloats(), Preprocessor.FromConfig(Config.Value).Table.ToArray());
    }

    [GoldenTheory]
    [MemberData(nameof(BadFiles))]
    public void Decode_BadFile_IsRefusedWithTheReason(string name)
    {
        var expected = Text(Bad.Value.AsArray().Single(file => Text(file!, "file") == name)!, "expected");
        var file = File.ReadAllBytes(Beside(GoldenFolder.Index.Images.Bad, name));

        var fault = Assert.Throws<InvalidImageException>(() => ImageDecoder.Decode(file, ImageLimits.Default));

        // Words that the folder's own reason and the message must share.
        foreach (var word in new[] { "empty", "CMYK", "not supported", "not an image" })
        {
            if (expected.Contains(word)) Assert.Contains(word, fault.Message);
        }

        if (expected.Contains("too many pixels")) Assert.Contains("at most 40000000", fault.Message);
        if (expected.Contains("first frame")) Assert.Contains("animated", fault.Message);     // the product's choice: one frame
    }

    private static PreprocessorConfig ReadConfig()
    {
        using var tensors = SafetensorsFile.Open(GoldenFolder.Index.PathOf(GoldenFolder.Index.Images.Tensors));
        var expected = Expected.Value;
        return new PreprocessorConfig
        {
            Size = (int)tensors[$"{Text(expected["pictures"]![0]!, "name")}.pixel_rows"].Shape[^1],
            Mean = [.. expected["mean"]!.AsArray().Select(part => part!.GetValue<double>())],
            Deviation = [.. expected["std"]!.AsArray().Select(part => part!.GetValue<double>())],
            RescaleFactor = expected["rescale"]!.GetValue<double>(),
        };
    }

    // Lossy pictures come from the folder's own decoded copy, so that a later stage is tested without the decoder.
    private static RgbImage DecodedReference(JsonNode picture) =>
        ImageDecoder.Decode(Read(picture["decoded"]?.GetValue<string>() ?? Text(picture, "file")), ImageLimits.Default);

    private static void AssertWithinUlps(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            var distance = Math.Abs((long)BitConverter.SingleToInt32Bits(expected[i]) - BitConverter.SingleToInt32Bits(actual[i]));
            Assert.InRange(distance, 0, GoldenFolder.Index.Tolerances.PixelUlp);
        }
    }

    private static JsonNode Picture(string name) => Expected.Value["pictures"]!.AsArray().Single(picture => Text(picture!, "name") == name)!;

    private static string Text(JsonNode node, string key) => node[key]!.GetValue<string>();

    private static byte[] Read(string file) => File.ReadAllBytes(Beside(GoldenFolder.Index.Images.Expected, file));

    private static string Beside(string relativePath, string file) =>
        GoldenFolder.Index.PathOf(Path.Combine(Path.GetDirectoryName(relativePath) ?? "", file));

    private static string Sha256(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
