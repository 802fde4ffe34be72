using M3.Adaptive.Core;
using M3.Adaptive.Model.Imaging;
using M3.Adaptive.TestKit.Golden;
using Xunit;

namespace M3.Adaptive.Model.Tests.Imaging;

/// <summary>Real files of unusual kinds. Those that are read all show the same scene.</summary>
public sealed class ImagingCaseTests
{
    private const string Scene = "auto-scale-ignores-context/ref.png";

    [CaseTheory]
    [InlineData("png-strict-ancillary/png-text-many.png")]
    [InlineData("webp-one-frame-animation/w-anim-one.webp")]
    public void Decode_LosslessCase_HasTheScenesPixels(string file)
    {
        var expected = Decode(Scene);

        var image = Decode(file);

        Assert.Equal((expected.Width, expected.Height), (image.Width, image.Height));
        Assert.True(expected.Pixels.SequenceEqual(image.Pixels), "pixels differ");
    }

    [CaseTheory]
    [InlineData("jpeg-harmless-warnings/j-extra-before-dqt.jpg")]
    [InlineData("jpeg-harmless-warnings/j-zeros-before-eoi.jpg")]
    [InlineData("jpeg-sampling-factors/j-s3x1.jpg")]
    [InlineData("jpeg-sampling-factors/j-s410.jpg")]
    [InlineData("jpeg-sampling-factors/j-s441.jpg")]
    [InlineData("jpeg-sampling-factors/j-smix.jpg")]
    [InlineData("png-strict-ancillary/png-pal4-plte256.png")]
    public void Decode_LossyCase_IsNearTheScene(string file)
    {
        var expected = Decode(Scene);

        var image = Decode(file);

        Assert.Equal((expected.Width, expected.Height), (image.Width, image.Height));
        Assert.InRange(MeanDifference(expected.Pixels, image.Pixels), 0, 8);
    }

    [CaseTheory]
    [InlineData("png-raw-profile-exif/jo6-png-rawprofile.png")]
    public void Decode_RawProfileOfATurnedScene_TurnsItUpright(string file)
    {
        var stored = Decode(Scene);

        var image = Decode(file);

        Assert.Equal((stored.Height, stored.Width), (image.Width, image.Height));
        for (var y = 0; y < image.Height; y++)
        {
            for (var x = 0; x < image.Width; x++)
                Assert.True(image.Row(y).Slice(3 * x, 3).SequenceEqual(stored.Row(stored.Height - 1 - x).Slice(3 * y, 3)), $"pixel {x}, {y}");
        }
    }

    [CaseTheory]
    [InlineData("unsupported-called-damaged/j-12bit-flag.jpg", "JPEG with 12-bit samples, which is not supported")]
    [InlineData("unsupported-called-damaged/j-sof3.jpg", "lossless JPEG, which is not supported")]
    [InlineData("unsupported-called-damaged/png-private-critical.png", "(CgBI), which is not supported")]
    [InlineData("foreign-formats-not-named/x-avis-avif.bin", "AVIF, is not supported")]
    [InlineData("foreign-formats-not-named/x-hevc-msf1.bin", "HEIF, is not supported")]
    [InlineData("foreign-formats-not-named/x-mif1-avif.bin", "AVIF, is not supported")]
    [InlineData("foreign-formats-not-named/x-cont.jxl", "JPEG XL, is not supported")]
    [InlineData("foreign-formats-not-named/x.jp2", "JPEG 2000, is not supported")]
    [InlineData("foreign-formats-not-named/x.ico", "ICO, is not supported")]
    [InlineData("foreign-formats-not-named/x-bom.svg", "SVG or XML, is not supported")]
    [InlineData("foreign-formats-not-named/x-doctype.svg", "SVG or XML, is not supported")]
    [InlineData("foreign-formats-not-named/x-b64.txt", "base64 text: decode it first")]
    [InlineData("foreign-formats-not-named/x-dataurl.txt", "base64 text: decode it first")]
    public void Decode_CaseOfAKindThatIsNotRead_IsRefusedByName(string file, string expected)
    {
        var fault = Assert.Throws<InvalidImageException>(() => Decode(file));

        Assert.Contains(expected, fault.Message);
    }

    private static double MeanDifference(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual)
    {
        var sum = 0L;
        for (var i = 0; i < expected.Length; i++) sum += Math.Abs(expected[i] - actual[i]);
        return (double)sum / expected.Length;
    }

    private static RgbImage Decode(string file) => ImageDecoder.Decode(File.ReadAllBytes(CaseFolder.PathOf(file)), ImageLimits.Default);
}
