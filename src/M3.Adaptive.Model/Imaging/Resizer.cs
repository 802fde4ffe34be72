using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace M3.Adaptive.Model.Imaging;

/// <summary>A colour of three bytes.</summary>
public readonly record struct Rgb(byte Red, byte Green, byte Blue);

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
        return Resize(new PaddedRows(image, image.Width, image.Height, default), width, height);
    }

    /// <summary>Centres the picture on a square of its longer side; what is left over gets the colour.</summary>
    public static RgbImage PadToSquare(RgbImage image, Rgb colour)
    {
        ArgumentNullException.ThrowIfNull(image);
        var side = Math.Max(image.Width, image.Height);
        if (image.Width == image.Height) return image;
        var rows = new PaddedRows(image, side, side, colour);
        var square = GC.AllocateUninitializedArray<byte>(checked(3 * side * side));
        for (var y = 0; y < side; y++) rows.Read(y)[..(3 * side)].CopyTo(square.AsSpan(3 * side * y));
        return new RgbImage(side, side, square);
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
        return Resize(new PaddedRows(image, square, square, colour), side, side);
    }

    private static RgbImage Resize(PaddedRows rows, int width, int height)
    {
        var across = rows.Width == width ? null : new BicubicWeights(rows.Width, width);
        var narrow = new byte[(rows.StoredCount * 3 * width) + 1];       // one byte more: pixels are read four bytes at a time
        for (var i = 0; i < rows.StoredCount; i++)
        {
            var target = narrow.AsSpan(3 * width * i, 3 * width);
            if (across is null) rows.ReadStored(i)[..(3 * width)].CopyTo(target);
            else FilterRow(rows.ReadStored(i), across, target);
        }

        var resized = GC.AllocateUninitializedArray<byte>(3 * width * height);
        var down = rows.Height == height ? null : new BicubicWeights(rows.Height, height);
        var sums = new int[3 * width];
        for (var y = 0; y < height; y++)
        {
            var target = resized.AsSpan(3 * width * y, 3 * width);
            if (down is null) narrow.AsSpan(3 * width * rows.StoredIndex(y), 3 * width).CopyTo(target);
            else FilterColumns(rows, narrow, down.Taps(y), down.First[y], sums, target);
        }

        return new RgbImage(width, height, resized);
    }

    // One row: red, green, blue and the next pixel's red, which is ignored, are summed side by side.
    private static void FilterRow(ReadOnlySpan<byte> row, BicubicWeights weights, Span<byte> target)
    {
        for (var x = 0; x < weights.Outputs; x++)
        {
            var sum = Vector128.Create(1 << (BicubicWeights.Precision - 1));
            var taps = weights.Taps(x);
            var pixels = row.Slice(3 * weights.First[x], (3 * taps.Length) + 1);
            ref var pixel = ref MemoryMarshal.GetReference(pixels);
            for (var tap = 0; tap < taps.Length; tap++)
            {
                var four = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref pixel, 3 * tap))).AsByte();
                sum += Vector128.WidenLower(Vector128.WidenLower(four)).AsInt32() * taps[tap];
            }

            var rounded = ToBytes(sum);
            target[3 * x] = (byte)rounded[0];
            target[(3 * x) + 1] = (byte)rounded[1];
            target[(3 * x) + 2] = (byte)rounded[2];
        }
    }

    // One row of the result: the rows it draws on, each times its weight, summed over the whole width.
    private static void FilterColumns(
        PaddedRows rows, byte[] narrow, ReadOnlySpan<int> taps, int first, int[] sums, Span<byte> target)
    {
        Array.Fill(sums, 1 << (BicubicWeights.Precision - 1));
        for (var tap = 0; tap < taps.Length; tap++)
        {
            var row = narrow.AsSpan(sums.Length * rows.StoredIndex(first + tap), sums.Length);
            AddWeighted(row, taps[tap], sums);
        }

        for (var i = 0; i < sums.Length; i++) target[i] = (byte)Math.Clamp(sums[i] >> BicubicWeights.Precision, 0, 255);
    }

    private static void AddWeighted(ReadOnlySpan<byte> row, int weight, Span<int> sums)
    {
        var i = 0;
        for (; i <= row.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
        {
            var (low, high) = Vector128.Widen(Vector128.Create(row.Slice(i, Vector128<byte>.Count)));
            var (first, second) = Vector128.Widen(low);
            var (third, fourth) = Vector128.Widen(high);
            AddTo(sums[i..], first.AsInt32() * weight);
            AddTo(sums[(i + 4)..], second.AsInt32() * weight);
            AddTo(sums[(i + 8)..], third.AsInt32() * weight);
            AddTo(sums[(i + 12)..], fourth.AsInt32() * weight);
        }

        for (; i < row.Length; i++) sums[i] += row[i] * weight;
    }

    private static void AddTo(Span<int> sums, Vector128<int> addend) => (Vector128.Create(sums) + addend).CopyTo(sums);

    private static Vector128<int> ToBytes(Vector128<int> sum) =>
        Vector128.Min(Vector128.Max(sum >> BicubicWeights.Precision, Vector128<int>.Zero), Vector128.Create(255));
}
