using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace M3.Adaptive.Model.Imaging;

/// <summary>
/// Pillow's resize, byte for byte: a pass over rows, then one over columns, each in fixed point and rounded to bytes; a pass
/// that would change no size is left out.
/// </summary>
public static class Resizer
{
    /// <summary>Resizes to width x height with the bicubic filter.</summary>
    public static RgbImage Bicubic(RgbImage image, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        return Resize(image, new(image.Width, image.Width), new(image.Height, image.Height), default, width, height);
    }

    /// <summary>Centres the picture on a square of its longer side; what is left over gets the colour.</summary>
    public static RgbImage PadToSquare(RgbImage image, Rgb colour)
    {
        ArgumentNullException.ThrowIfNull(image);
        var side = Math.Max(image.Width, image.Height);
        return BicubicSquare(image, side, colour);
    }

    /// <summary>
    /// <see cref="PadToSquare"/>, then <see cref="Bicubic"/> to side x side, without making the square: an extreme strip
    /// costs what its own pixels cost.
    /// </summary>
    public static RgbImage BicubicSquare(RgbImage image, int side, Rgb colour)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(side);
        var square = Math.Max(image.Width, image.Height);
        return Resize(image, new(square, image.Width), new(square, image.Height), colour, side, side);
    }

    private static RgbImage Resize(RgbImage image, Placement across, Placement down, Rgb colour, int width, int height)
    {
        var rowBytes = 3 * width;
        var narrow = new byte[checked((image.Height + 1) * rowBytes)];       // the picture's rows, and one of the colour around it
        FilterRows(image, across, colour, width, narrow);
        var resized = GC.AllocateUninitializedArray<byte>(checked(height * rowBytes));
        if (down.Canvas == height) Stack(narrow, rowBytes, down, resized);
        else FilterColumns(narrow, rowBytes, new BicubicWeights(down, height), resized);
        return new RgbImage(width, height, resized);
    }

    private static void FilterRows(RgbImage image, Placement across, Rgb colour, int width, Span<byte> narrow)
    {
        var blank = MemoryMarshal.Cast<byte, Rgb>(narrow[(3 * width * image.Height)..]);
        blank.Fill(colour);
        if (across.Canvas == width)
        {
            for (var y = 0; y < image.Height; y++)
            {
                var target = narrow.Slice(3 * width * y, 3 * width);
                MemoryMarshal.AsBytes(blank).CopyTo(target);
                image.Row(y).CopyTo(target[(3 * across.Start)..]);
            }

            return;
        }

        var weights = new BicubicWeights(across, width);
        var around = Vector128.Create(colour.Red, colour.Green, colour.Blue, 0);
        var row = new byte[(3 * image.Width) + 1];                           // one byte more: pixels are read four bytes at a time
        for (var y = 0; y < image.Height; y++)
        {
            image.Row(y).CopyTo(row);
            FilterRow(row, weights, around, MemoryMarshal.Cast<byte, Rgb>(narrow.Slice(3 * width * y, 3 * width)));
        }

        for (var x = 0; x < width; x++) blank[x] = ToRgb(Vector128.Create(BicubicWeights.Half) + (around * weights.Total(x)));
    }

    // Red, green, blue and a fourth lane, which is ignored, are summed side by side.
    private static void FilterRow(ReadOnlySpan<byte> row, BicubicWeights weights, Vector128<int> around, Span<Rgb> target)
    {
        for (var x = 0; x < target.Length; x++)
        {
            var sum = Vector128.Create(BicubicWeights.Half) + (around * weights.Outside(x));
            var taps = weights.Taps(x);
            if (!taps.IsEmpty)
            {
                ref var pixel = ref MemoryMarshal.GetReference(row.Slice(3 * weights.First(x), (3 * taps.Length) + 1));
                for (var tap = 0; tap < taps.Length; tap++)
                {
                    var four = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref pixel, 3 * tap))).AsByte();
                    sum += Vector128.WidenLower(Vector128.WidenLower(four)).AsInt32() * taps[tap];
                }
            }

            target[x] = ToRgb(sum);
        }
    }

    private static void Stack(ReadOnlySpan<byte> narrow, int rowBytes, Placement down, Span<byte> resized)
    {
        for (var y = 0; y < down.Canvas; y++)
        {
            var row = y >= down.Start && y < down.Start + down.Length ? y - down.Start : down.Length;
            narrow.Slice(rowBytes * row, rowBytes).CopyTo(resized[(rowBytes * y)..]);
        }
    }

    // Each row of the result: the rows it draws on, each times its weight, summed over the whole width.
    private static void FilterColumns(ReadOnlySpan<byte> narrow, int rowBytes, BicubicWeights weights, Span<byte> resized)
    {
        var blank = narrow[^rowBytes..];
        var sums = new int[rowBytes];
        for (var y = 0; y < weights.Count; y++)
        {
            Array.Fill(sums, BicubicWeights.Half);
            AddWeighted(blank, weights.Outside(y), sums);
            var taps = weights.Taps(y);
            for (var tap = 0; tap < taps.Length; tap++)
                AddWeighted(narrow.Slice(rowBytes * (weights.First(y) + tap), rowBytes), taps[tap], sums);
            var target = resized.Slice(rowBytes * y, rowBytes);
            for (var i = 0; i < sums.Length; i++) target[i] = (byte)Math.Clamp(sums[i] >> BicubicWeights.Precision, 0, 255);
        }
    }

    private static void AddWeighted(ReadOnlySpan<byte> row, int weight, Span<int> sums)
    {
        var i = 0;
        for (; i <= row.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
        {
            var (low, high) = Vector128.Widen(Vector128.Create(row[i..]));
            var (first, second) = Vector128.Widen(low);
            var (third, fourth) = Vector128.Widen(high);
            AddTo(sums[i..], first.AsInt32() * weight);
            AddTo(sums[(i + 4)..], second.AsInt32() * weight);
            AddTo(sums[(i + 8)..], third.AsInt32() * weight);
            AddTo(sums[(i + 12)..], fourth.AsInt32() * weight);
        }

        for (; i < row.Length; i++) sums[i] += row[i] * weight;
    }

    private static void AddTo(Span<int> sums, Vector128<int> addend) => (Vector128.Create((ReadOnlySpan<int>)sums) + addend).CopyTo(sums);

    private static Rgb ToRgb(Vector128<int> sum)
    {
        var bytes = Vector128.Clamp(sum >> BicubicWeights.Precision, Vector128<int>.Zero, Vector128.Create(255));
        return new((byte)bytes[0], (byte)bytes[1], (byte)bytes[2]);
    }
}
