using M3.Adaptive.Model.Imaging;
using Xunit;

namespace M3.Adaptive.Model.Tests.Imaging;

public sealed class ImageHeaderTests
{
    [Fact]
    public void Read_PngWithChunksThatPixelsDoNotNeed_LeavesThemOut()
    {
        byte[] palette = PictureWriter.Chunk("PLTE", [10, 20, 30, 40, 50, 60]), transparency = PictureWriter.Chunk("tRNS", [0, 128]);
        var file = PictureWriter.Png(
            2, 1, 8, 3, [0, 1], PictureWriter.Chunk("gAMA", [0, 0, 1, 0]), PictureWriter.Chunk("iCCP", new byte[100_000]), palette, transparency,
            PictureWriter.Chunk("tEXt", new byte[100_000]), PictureWriter.Chunk("acTL", [0, 0, 0, 1, 0, 0, 0, 0]));

        var header = ImageHeader.Read(ImageFormat.Png, file);

        Assert.Equal(PictureWriter.Png(2, 1, 8, 3, [0, 1], palette, transparency), header.PixelsOnly?.ToArray());
    }
}
