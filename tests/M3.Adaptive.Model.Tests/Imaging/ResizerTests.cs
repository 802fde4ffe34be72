using M3.Adaptive.Model.Imaging;
using Xunit;

namespace M3.Adaptive.Model.Tests.Imaging;

public sealed class ResizerTests
{
    private static readonly Rgb Grey = new(122, 116, 104);

    [Theory]
    [InlineData(640, 480, 336)]
    [InlineData(480, 640, 336)]
    [InlineData(5, 5, 288)]
    [InlineData(1, 1, 336)]
    [InlineData(1, 700, 288)]
    [InlineData(700, 1, 288)]
    [InlineData(336, 336, 336)]
    [InlineData(336, 10, 336)]
    [InlineData(289, 288, 288)]
    public void BicubicSquare_AnyShape_EqualsPaddingThenResizing(int width, int height, int side)
    {
        var image = PictureWriter.Noise(new Random(width + height), width, height);

        var plain = Resizer.Bicubic(Resizer.PadToSquare(image, Grey), side, side);
        var fast = Resizer.BicubicSquare(image, side, Grey);

        Assert.True(plain.Pixels.SequenceEqual(fast.Pixels));
    }

    [Theory]
    [InlineData(20, 13, 9, 7)]
    [InlineData(9, 7, 20, 13)]
    [InlineData(17, 17, 17, 4)]
    [InlineData(3, 50, 50, 3)]
    public void Bicubic_AnySizes_EqualsTheDefinition(int width, int height, int toWidth, int toHeight)
    {
        var image = PictureWriter.Noise(new Random(3), width, height);

        var resized = Resizer.Bicubic(image, toWidth, toHeight);

        var wide = Definition(image.Pixels.ToArray(), height, width, 3, toWidth);
        var expected = Transposed(Definition(Transposed(wide, height, toWidth), toWidth, height, 3, toHeight), toWidth, toHeight);
        Assert.Equal(expected, resized.Pixels.ToArray());
    }

    [Fact]
    public void Bicubic_SameSize_ChangesNothing()
    {
        var image = PictureWriter.Noise(new Random(4), 31, 17);

        Assert.True(image.Pixels.SequenceEqual(Resizer.Bicubic(image, 31, 17).Pixels));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(255)]
    [InlineData(77)]
    public void Bicubic_OneColour_StaysOneColour(byte level)
    {
        var image = new RgbImage(100, 60, [.. Enumerable.Repeat(level, 18_000)]);

        Assert.All(Resizer.Bicubic(image, 33, 21).Pixels.ToArray(), value => Assert.Equal(level, value));
    }

    [Fact]
    public void PadToSquare_OddDifference_PutsTheSpareRowBelow()
    {
        var square = Resizer.PadToSquare(new RgbImage(4, 1, [.. Enumerable.Repeat((byte)9, 12)]), Grey);

        Assert.Equal([9, 122], [square.Row(1)[0], square.Row(0)[0]]);
        Assert.Equal([122, 122], [square.Row(2)[0], square.Row(3)[0]]);
    }

    [Theory]
    [InlineData(65_535, 1)]
    [InlineData(1, 65_535)]
    public void BicubicSquare_ExtremeStrip_MakesNoSquare(int width, int height)
    {
        var strip = PictureWriter.Noise(new Random(5), width, height);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Resizer.BicubicSquare(strip, 336, Grey);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000_000);     // the square would hold 12.9 GB
    }

    [Fact]
    public void RgbImage_BufferTooShort_IsRefused() => Assert.Throws<ArgumentException>(() => new RgbImage(3, 3, new byte[26]));

    // Row by row as the reference states it: fixed-point weights from doubles, sums of integers, rounded and clipped.
    private static byte[] Definition(byte[] pixels, int rows, int inputs, int channels, int outputs)
    {
        if (inputs == outputs) return pixels;
        var result = new byte[rows * outputs * channels];
        var scale = (double)inputs / outputs;
        var f = Math.Max(scale, 1);
        for (var i = 0; i < outputs; i++)
        {
            var centre = (i + 0.5) * scale;
            var low = Math.Max(0, (int)Math.Truncate(centre - (2 * f) + 0.5));
            var high = Math.Min(inputs, (int)Math.Truncate(centre + (2 * f) + 0.5));
            var weights = Enumerable.Range(low, high - low).Select(j => Kernel(Math.Abs((j - centre + 0.5) * (1 / f)))).ToArray();
            var sum = weights.Aggregate(0.0, (total, weight) => total + weight);
            for (var row = 0; row < rows; row++)
            {
                for (var c = 0; c < channels; c++)
                {
                    long value = 1 << 21;
                    for (var j = low; j < high; j++)
                    {
                        var weight = weights[j - low] / sum * (1 << 22);
                        value += (long)Math.Truncate(weight + (weight < 0 ? -0.5 : 0.5)) * pixels[(((row * inputs) + j) * channels) + c];
                    }

                    result[(((row * outputs) + i) * channels) + c] = (byte)Math.Clamp(value >> 22, 0, 255);
                }
            }
        }

        return result;
    }

    private static double Kernel(double x) => x < 1 ? (((1.5 * x) - 2.5) * x * x) + 1 : x < 2 ? ((((x - 5) * x) + 8) * x - 4) * -0.5 : 0;

    private static byte[] Transposed(byte[] pixels, int rows, int columns)
    {
        var result = new byte[pixels.Length];
        for (var i = 0; i < rows * columns; i++)
            pixels.AsSpan(3 * i, 3).CopyTo(result.AsSpan(3 * (((i % columns) * rows) + (i / columns))));
        return result;
    }
}
