using M3.Adaptive.Core;
using M3.Adaptive.Model.Imaging;
using M3.Adaptive.Training.DataGeneration.Drawing;
using M3.Adaptive.Training.OracleLabelling;

namespace M3.Adaptive.Training.Evaluation.Ladder;

/// <summary>Questions whose answer changes with the scale, as the paper's Figure 4 shows them.</summary>
internal static class Gallery
{
    private const int ThumbnailSide = 288;
    private const float ThumbnailQuality = 85;
    private static readonly M3.Adaptive.Model.Imaging.Rgb Padding = PreprocessorConfig.Clip336.PadColour;

    /// <summary>
    /// Items that are right at some scales and wrong at others, of as many families and of as many cheapest right scales as there are,
    /// one image each.
    /// </summary>
    public static IReadOnlyList<LabelItem> Choose(IReadOnlyList<LabelItem> items, int count)
    {
        var changing = items.Where(item => item.Outcomes.Any(outcome => outcome.Right) && item.Outcomes.Any(outcome => !outcome.Right));
        var turns = changing.GroupBy(item => (item.Family, Replay.Oracle.Scale(item))).Select(group => group.ToArray()).ToArray();
        var chosen = new List<LabelItem>();
        var images = new HashSet<string>();
        for (var turn = 0; chosen.Count < count && turns.Any(group => group.Length > turn); turn++)
        {
            foreach (var group in turns.Where(group => group.Length > turn))
            {
                if (chosen.Count < count && images.Add(group[turn].Image)) chosen.Add(group[turn]);
            }
        }

        return chosen;
    }

    /// <summary>The image as the model's square shows it, small. WebP.</summary>
    public static byte[] Thumbnail(RgbImage image) =>
        PictureFile.Webp(Resizer.BicubicSquare(image, ThumbnailSide, Padding).Pixels, ThumbnailSide, ThumbnailSide, ThumbnailQuality);

    /// <summary>The image as means over the cells of the scale's grid: what pooling leaves of its colours. WebP, a pixel a cell.</summary>
    public static byte[] Pooled(RgbImage image, VisualScale scale)
    {
        var grid = scale.Side;
        var square = Resizer.PadToSquare(image, Padding);
        var cells = new byte[3 * grid * grid];
        for (var cell = 0; cell < grid * grid; cell++) Mean(square, cell / grid, cell % grid, grid).CopyTo(cells.AsSpan(3 * cell));
        return PictureFile.Webp(cells, grid, grid, quality: null);
    }

    private static byte[] Mean(RgbImage square, int row, int column, int grid)
    {
        var (top, bottom) = Range(row, square.Height, grid);
        var (left, right) = Range(column, square.Width, grid);
        var sums = new long[3];
        for (var y = top; y < bottom; y++)
        {
            var pixels = square.Row(y)[(3 * left)..(3 * right)];
            for (var i = 0; i < pixels.Length; i++) sums[i % 3] += pixels[i];
        }

        return [.. sums.Select(sum => (byte)(sum / ((bottom - top) * (right - left))))];
    }

    /// <summary>A cell's pixels; at least one, when there are more cells than pixels.</summary>
    private static (int First, int End) Range(int cell, int pixels, int grid)
    {
        var first = cell * pixels / grid;
        return (first, Math.Max(first + 1, (cell + 1) * pixels / grid));
    }
}
