using System.Text;
using M3.Adaptive.Core;
using M3.Adaptive.Model.Imaging;
using Xunit;

namespace M3.Adaptive.Model.Tests.Imaging;

public sealed class ImageDecoderTests
{
    private static readonly RgbImage Picture = PictureWriter.Noise(new Random(1), 7, 5);
    private static readonly byte[] Png = PictureWriter.Png(7, 5, 8, 2, Picture.Pixels);

    public static TheoryData<int> Orientations => [1, 2, 3, 4, 5, 6, 7, 8];

    [Theory]
    [MemberData(nameof(Orientations))]
    public void Decode_ExifOrientation_TurnsThePictureUpright(int orientation)
    {
        var upright = Turned(Picture, orientation);

        AssertSame(upright, Decode(PictureWriter.Png(7, 5, 8, 2, Picture.Pixels, PictureWriter.Chunk("eXIf", PictureWriter.Exif(orientation)))));
        AssertSame(upright, Decode(PictureWriter.WebP(Picture, PictureWriter.Exif(orientation, bigEndian: true))));
    }

    [Theory]
    [MemberData(nameof(Orientations))]
    public void Decode_ExifOfJpegInEitherByteOrder_TurnsThePictureUpright(int orientation)
    {
        var upright = Turned(Decode(PictureWriter.Jpeg(Picture)), orientation);

        AssertSame(upright, Decode(PictureWriter.Jpeg(Picture, PictureWriter.Exif(orientation))));
        AssertSame(upright, Decode(PictureWriter.Jpeg(Picture, PictureWriter.Exif(orientation, bigEndian: true))));
    }

    [Theory]
    [MemberData(nameof(Orientations))]
    public void Decode_ExifAsTextOfPng_TurnsThePictureUpright(int orientation)
    {
        var upright = Turned(Picture, orientation);
        var exif = PictureWriter.Exif(orientation, bigEndian: true);

        AssertSame(upright, Decode(PictureWriter.Png(7, 5, 8, 2, Picture.Pixels, PictureWriter.RawProfile(exif, compressed: true))));
        AssertSame(upright, Decode(PictureWriter.Png(7, 5, 8, 2, Picture.Pixels, PictureWriter.RawProfile(exif, compressed: false))));
    }

    [Fact]
    public void Decode_ExifChunkBesideExifAsText_TheChunkCounts()
    {
        var text = PictureWriter.RawProfile(PictureWriter.Exif(6), compressed: true);
        var chunk = PictureWriter.Chunk("eXIf", PictureWriter.Exif(3));

        AssertSame(Turned(Picture, 3), Decode(PictureWriter.Png(7, 5, 8, 2, Picture.Pixels, text, chunk)));
    }

    [Fact]
    public void Decode_ExifAsTextWithAnyOneByteChanged_CountsAsUprightOrTurns()
    {
        var random = new Random(11);
        var plain = PictureWriter.RawProfile(PictureWriter.Exif(3), compressed: false)[8..^4];
        var compressed = PictureWriter.RawProfile(PictureWriter.Exif(3), compressed: true)[8..^4];

        foreach (var (type, text) in new[] { ("tEXt", plain), ("zTXt", compressed) })
        {
            for (var i = 0; i < text.Length; i++)
            {
                byte[] changed = [.. text];
                changed[i] = (byte)random.Next(256);
                var image = Decode(PictureWriter.Png(7, 5, 8, 2, Picture.Pixels, PictureWriter.Chunk(type, changed)));
                Assert.Equal(3 * 7 * 5, image.Pixels.Length);
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(255)]
    public void Decode_ExifOrientationOutOfRange_CountsAsUpright(int orientation) =>
        AssertSame(Decode(PictureWriter.Jpeg(Picture)), Decode(PictureWriter.Jpeg(Picture, PictureWriter.Exif(orientation))));

    [Fact]
    public void Decode_ExifCutAnywhere_CountsAsUprightOrTurns()
    {
        var exif = PictureWriter.Exif(3);
        var plain = Decode(PictureWriter.Jpeg(Picture));

        for (var length = 0; length < exif.Length; length++)
        {
            var image = Decode(PictureWriter.Jpeg(Picture, exif[..length]));
            Assert.True(image.Pixels.SequenceEqual(plain.Pixels) || image.Pixels.SequenceEqual(Turned(plain, 3).Pixels), $"cut at {length}");
        }
    }

    [Theory]
    [InlineData(1, new byte[] { 0b0110_0000 }, new byte[] { 0, 255, 255, 0 })]
    [InlineData(2, new byte[] { 0b00_01_10_11 }, new byte[] { 0, 85, 170, 255 })]
    [InlineData(4, new byte[] { 0x05, 0xAF }, new byte[] { 0, 85, 170, 255 })]
    [InlineData(8, new byte[] { 3, 77, 128, 254 }, new byte[] { 3, 77, 128, 254 })]
    [InlineData(16, new byte[] { 0, 255, 1, 0, 0x80, 0x80, 0xFF, 0xFF }, new byte[] { 0, 1, 128, 255 })]
    public void Decode_GreyPngOfAnyDepth_SpreadsToThreeChannels(int depth, byte[] row, byte[] grey)
    {
        var image = Decode(PictureWriter.Png(4, 1, depth, 0, row));

        Assert.Equal(grey.SelectMany(level => Enumerable.Repeat(level, 3)), image.Pixels.ToArray());
    }

    [Theory]
    [InlineData(1, new byte[] { 0b0100_0000 })]
    [InlineData(2, new byte[] { 0b00_01_00_00 })]
    [InlineData(4, new byte[] { 0x01 })]
    [InlineData(8, new byte[] { 0, 1 })]
    public void Decode_PalettePng_TakesItsColours(int depth, byte[] row)
    {
        var image = Decode(PictureWriter.Png(2, 1, depth, 3, row, PictureWriter.Chunk("PLTE", [10, 20, 30, 40, 50, 60])));

        Assert.Equal([10, 20, 30, 40, 50, 60], image.Pixels.ToArray());
    }

    [Fact]
    public void Decode_PaletteWithTransparency_IsCompositedOverWhite()
    {
        var image = Decode(PictureWriter.Png(
            2, 1, 8, 3, [0, 1], PictureWriter.Chunk("PLTE", [10, 20, 30, 40, 50, 60]), PictureWriter.Chunk("tRNS", [0, 128])));

        Assert.Equal([255, 255, 255, Over(40, 128), Over(50, 128), Over(60, 128)], image.Pixels.ToArray());
    }

    [Fact]
    public void Decode_RgbaPng_IsCompositedOverWhiteForEveryAlpha()
    {
        var row = Enumerable.Range(0, 256).SelectMany(alpha => new byte[] { 0, 100, 255, (byte)alpha }).ToArray();

        var image = Decode(PictureWriter.Png(256, 1, 8, 6, row));

        Assert.Equal(Enumerable.Range(0, 256).SelectMany(alpha => new[] { Over(0, alpha), Over(100, alpha), (byte)255 }), image.Pixels.ToArray());
    }

    [Fact]
    public void Decode_GreyAlphaAndTransparentColour_AreCompositedOverWhite()
    {
        Assert.Equal([Over(9, 200), Over(9, 200), Over(9, 200)], Decode(PictureWriter.Png(1, 1, 8, 4, [9, 200])).Pixels.ToArray());
        Assert.Equal(
            [255, 255, 255, 1, 2, 4],
            Decode(PictureWriter.Png(2, 1, 8, 2, [1, 2, 3, 1, 2, 4], PictureWriter.Chunk("tRNS", [0, 1, 0, 2, 0, 3]))).Pixels.ToArray());
        Assert.Equal(
            [255, 255, 255, 0, 0, 0],
            Decode(PictureWriter.Png(2, 1, 16, 0, [0, 7, 0, 8], PictureWriter.Chunk("tRNS", [0, 7]))).Pixels.ToArray());
    }

    [Fact]
    public void Decode_LosslessWebP_HasItsPixels() => AssertSame(Picture, Decode(PictureWriter.WebP(Picture)));

    [Fact]
    public void Decode_PngCutAnywhere_IsRefused()
    {
        for (var length = 0; length < Png.Length - 4; length++)       // the last four bytes are the end mark's checksum
            Assert.Throws<InvalidImageException>(() => Decode(Png[..length]));
    }

    [Fact]
    public void Decode_WebPCutAnywhere_IsRefused()
    {
        var file = PictureWriter.WebP(Picture);

        for (var length = 0; length < file.Length - 1; length++)
            Assert.Throws<InvalidImageException>(() => Decode(file[..length]));
    }

    [Fact]
    public void Decode_JpegCutAnywhere_IsRefused()
    {
        var file = PictureWriter.Jpeg(Picture);

        for (var length = 0; length < file.Length - 2; length++)      // the last two bytes are the end mark
            Assert.Throws<InvalidImageException>(() => Decode(file[..length]));
    }

    [Fact]
    public void Decode_AnyOneByteChanged_IsReadOrRefused()
    {
        var random = new Random(7);
        byte[][] files = [Png, PictureWriter.Jpeg(Picture, PictureWriter.Exif(6)), PictureWriter.WebP(Picture, PictureWriter.Exif(8))];

        foreach (var file in files)
        {
            for (var i = 0; i < file.Length; i++)
            {
                byte[] changed = [.. file];
                changed[i] = (byte)random.Next(256);
                try
                {
                    var image = ImageDecoder.Decode(changed, new ImageLimits { MaxPixels = 100_000 });
                    Assert.Equal(3 * image.Width * image.Height, image.Pixels.Length);
                }
                catch (InvalidImageException refusal)
                {
                    Assert.Contains(": ", refusal.Message);
                }
            }
        }
    }

    [Theory]
    [InlineData("GIF89a......", "GIF, is not supported")]
    [InlineData("BM..........", "BMP, is not supported")]
    [InlineData("%PDF-1.7", "PDF, is not supported")]
    [InlineData("<svg xmlns", "SVG or XML, is not supported")]
    [InlineData("....ftypavif", "AVIF, is not supported")]
    [InlineData("....ftypheic", "HEIF, is not supported")]
    [InlineData("https://example.org/cat.jpg", "not an image (they begin with the text \"https://\")")]
    [InlineData("RIFF....WAVE", "not an image")]
    [InlineData("x", "not an image")]
    public void Decode_ForeignFormat_IsNamed(string text, string expected)
    {
        var fault = Assert.Throws<InvalidImageException>(() => Decode([.. text.Select(letter => (byte)letter)]));

        Assert.Contains(expected, fault.Message);
        Assert.Contains("send a JPEG, PNG or WebP file", fault.Message);
    }

    [Theory]
    [InlineData("/9j/4AAQSkZJRg")]
    [InlineData("iVBORw0KGgoAAAANSUhEUg")]
    [InlineData("UklGRiQAAABXRUJQ")]
    [InlineData("data:image/png;base64,iVBORw0KGgo")]
    public void Decode_Base64_SaysToDecodeItFirst(string text)
    {
        var fault = Assert.Throws<InvalidImageException>(() => Decode(Encoding.ASCII.GetBytes(text)));

        Assert.Contains("base64 text: decode it first", fault.Message);
    }

    [Theory]
    [InlineData(0xC0, 4, 8, "CMYK JPEG")]
    [InlineData(0xC2, 4, 8, "CMYK JPEG")]
    [InlineData(0xC1, 3, 12, "JPEG with 12-bit samples")]
    [InlineData(0xC3, 3, 8, "lossless JPEG")]
    [InlineData(0xC5, 3, 8, "hierarchical JPEG")]
    public void Decode_JpegOfAKindThatIsNotRead_IsRefusedByName(byte frame, byte components, byte precision, string kind)
    {
        var fault = Assert.Throws<InvalidImageException>(() => Decode(PictureWriter.PlainJpeg(frame, components, precision)));

        Assert.Contains($"The picture is a {kind}, which is not supported: convert it", fault.Message);
    }

    [Theory]
    [InlineData(0xC0, 1)]
    [InlineData(0xC0, 3)]
    [InlineData(0xC1, 3)]
    [InlineData(0xC2, 1)]
    public void Decode_JpegOfAnOrdinaryKind_IsRead(byte frame, byte components)
    {
        var image = Decode(PictureWriter.PlainJpeg(frame, components));

        Assert.Equal(Enumerable.Repeat((byte)128, 3 * 8 * 8), image.Pixels.ToArray());
    }

    [Fact]
    public void Decode_ProgressiveJpegOfEndlessScans_IsRefused() =>
        Assert.Throws<InvalidImageException>(() => Decode(PictureWriter.PlainJpeg(0xC2, components: 1, scans: 1000)));

    [Fact]
    public void Decode_ApplesPng_IsRefusedByName()
    {
        var file = PictureWriter.Png(7, 5, 8, 2, Picture.Pixels, PictureWriter.Chunk("CgBI", [0x50, 0, 0x20, 2]));

        Assert.Contains("CgBI), which is not supported: convert it", Assert.Throws<InvalidImageException>(() => Decode(file)).Message);
    }

    [Fact]
    public void Decode_PngWithACriticalChunkOfNoStandard_IsRefused()
    {
        var file = PictureWriter.Png(7, 5, 8, 2, Picture.Pixels, PictureWriter.Chunk("ABCD", []));

        Assert.Contains("not of the standard, which is not supported", Assert.Throws<InvalidImageException>(() => Decode(file)).Message);
    }

    [Fact]
    public void Decode_MoreBytesThanAllowed_IsRefused()
    {
        Assert.Equal(7, ImageDecoder.Decode(Png, new ImageLimits { MaxBytes = Png.Length }).Width);
        var fault = Assert.Throws<InvalidImageException>(() => ImageDecoder.Decode(Png, new ImageLimits { MaxBytes = Png.Length - 1 }));

        Assert.Contains($"at most {Png.Length - 1} are read", fault.Message);
    }

    [Fact]
    public void Decode_MorePixelsThanAllowed_AllocatesNothingForThem()
    {
        var header = PictureWriter.Png(1, 1, 8, 2, [1, 2, 3]);
        header[18] = header[22] = 0x7F;                         // width and height in the tens of thousands
        byte[] file = [.. PictureWriter.PngSignature, .. PictureWriter.Chunk("IHDR", header.AsSpan(16, 13)), .. header.AsSpan(33)];
        var before = GC.GetAllocatedBytesForCurrentThread();

        var fault = Assert.Throws<InvalidImageException>(() => Decode(file));

        Assert.Contains("at most 40000000", fault.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void Decode_PixelsAtTheLimit_AreRead()
    {
        Assert.Equal(7, ImageDecoder.Decode(Png, new ImageLimits { MaxPixels = 35 }).Width);
        Assert.Throws<InvalidImageException>(() => ImageDecoder.Decode(Png, new ImageLimits { MaxPixels = 34 }));
        Assert.Throws<InvalidImageException>(() => ImageDecoder.Decode(Png, new ImageLimits { MaxSide = 6 }));
    }

    [Fact]
    public void Decode_AnimatedPng_IsRefusedAndOneFrameOfItRead()
    {
        static byte[] Animation(byte frames) =>
            PictureWriter.Png(7, 5, 8, 2, Picture.Pixels, PictureWriter.Chunk("acTL", [0, 0, 0, frames, 0, 0, 0, 0]));

        Assert.Contains("animated", Assert.Throws<InvalidImageException>(() => Decode(Animation(2))).Message);
        AssertSame(Picture, Decode(Animation(1)));
    }

    [Theory]
    [InlineData("Comment")]
    [InlineData("Raw profile type exif")]
    public void Decode_TextChunkThatInflatesBeyondMeasure_IsNotHeld(string keyword)
    {
        var text = PictureWriter.CompressedText(keyword, new byte[100_000_000]);
        var file = PictureWriter.Png(7, 5, 8, 2, Picture.Pixels, text);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var image = Decode(file);

        AssertSame(Picture, image);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_000_000);
    }

    [Fact]
    public void Decode_LargePictureInOneChunk_IsRead()
    {
        var large = PictureWriter.Noise(new Random(2), 3000, 2500);     // 22 MB in a single IDAT: limits on chunks are not for data

        AssertSame(large, Decode(PictureWriter.Png(3000, 2500, 8, 2, large.Pixels)));
    }

    [Fact]
    public void Dispose_DecodedPicture_EndsItsUseAndLeavesOthersAlone()
    {
        var first = Decode(Png);
        first.Dispose();
        first.Dispose();
        var second = Decode(Png);
        var third = Decode(PictureWriter.Png(7, 5, 8, 2, new byte[3 * 7 * 5]));

        Assert.Throws<ArgumentOutOfRangeException>(() => first.Pixels.Length);
        AssertSame(Picture, second);
        Assert.Equal(new byte[3 * 7 * 5], third.Pixels.ToArray());
    }

    private static RgbImage Decode(byte[] file) => ImageDecoder.Decode(file, ImageLimits.Default);

    private static byte Over(int colour, int alpha) => (byte)(((colour * alpha) + (255 * (255 - alpha)) + 127) / 255);

    private static void AssertSame(RgbImage expected, RgbImage actual)
    {
        Assert.Equal((expected.Width, expected.Height), (actual.Width, actual.Height));
        Assert.True(expected.Pixels.SequenceEqual(actual.Pixels), "pixels differ");
    }

    // The definition of the eight orientations, out of two mirrors.
    private static RgbImage Turned(RgbImage image, int orientation) => orientation switch
    {
        1 => image,
        2 => Map(image, image.Width, image.Height, (x, y) => (image.Width - 1 - x, y)),
        3 => Turned(Turned(image, 2), 4),
        4 => Map(image, image.Width, image.Height, (x, y) => (x, image.Height - 1 - y)),
        5 => Map(image, image.Height, image.Width, (x, y) => (y, x)),
        6 => Turned(Turned(image, 5), 2),
        7 => Turned(Turned(image, 5), 3),
        _ => Turned(Turned(image, 5), 4),
    };

    private static RgbImage Map(RgbImage image, int width, int height, Func<int, int, (int X, int Y)> source)
    {
        var pixels = new byte[3 * width * height];
        for (var i = 0; i < width * height; i++)
        {
            var (x, y) = source(i % width, i / width);
            image.Row(y).Slice(3 * x, 3).CopyTo(pixels.AsSpan(3 * i));
        }

        return new RgbImage(width, height, pixels);
    }
}
