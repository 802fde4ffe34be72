using M3.Adaptive.Core;

namespace M3.Adaptive.Predictor.Features;

/// <summary>
/// Reduces what the encoder computed for an image to a few dozen numbers: how much of the features' energy pooling to each rung loses,
/// how much energy lies in each cell of the 3 x 3 grid, and random projections of the pooled embeddings. Nothing is fitted, so labels can be stored
/// before any predictor exists.
/// </summary>
internal static class EncoderFeatures
{
    private const int Cells = 9;
    private const int Projections = 16;                                       // of the mean embedding, and as many of the whole 3 x 3 grid

    private static readonly int Residuals = VisualScale.Ladder.Length - 1;    // the finest rung loses nothing

    /// <summary>How many come before the projections.</summary>
    public static int PlainCount { get; } = 2 * Residuals + Cells;

    /// <summary>Residuals, what each rung adds to the one before, cell energies, mean projections, grid projections.</summary>
    public static int Count { get; } = PlainCount + 2 * Projections;

    /// <summary>What each number stands for, in words.</summary>
    public static IEnumerable<string> Names =>
    [
        .. Enumerable.Range(0, Residuals).Select(static i => $"energy lost at {VisualScale.Ladder[i]}"),
        .. Enumerable.Range(0, Residuals).Select(static i => $"energy won by {VisualScale.Ladder[i + 1]} over {VisualScale.Ladder[i]}"),
        .. Enumerable.Range(1, Cells).Select(static cell => $"energy of cell {cell}"),
        .. Enumerable.Range(1, Projections).Select(static i => $"projection {i} of the mean"),
        .. Enumerable.Range(1, Projections).Select(static i => $"projection {i} of the grid"),
    ];

    /// <exception cref="ArgumentOutOfRangeException">The evidence has another shape than Core says.</exception>
    public static void Write(ImageEvidence evidence, Span<float> features)
    {
        var (residuals, grid, width) = (evidence.PoolingResiduals, evidence.PooledEmbeddings, evidence.Width);
        ArgumentOutOfRangeException.ThrowIfNotEqual(residuals.Length, VisualScale.Ladder.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual(grid.Length, Cells * width);

        for (var i = 0; i < Residuals; i++)
        {
            features[i] = residuals[i];
            features[Residuals + i] = residuals[i] - residuals[i + 1];
        }

        var cells = features.Slice(2 * Residuals, Cells);
        var mean = new float[width];
        for (var cell = 0; cell < Cells; cell++)
        {
            var energy = 0.0;
            for (var i = 0; i < width; i++)
            {
                var value = grid[cell * width + i];
                mean[i] += value / Cells;
                energy += (double)value * value;
            }

            cells[cell] = (float)Math.Sqrt(energy / width);
        }

        Project(mean, features.Slice(2 * Residuals + Cells, Projections), salt: 0);
        Project(grid, features[^Projections..], salt: 1);
    }

    // A count sketch: a hash of its position gives every input an output and a sign. A random projection that needs no table.
    private static void Project(ReadOnlySpan<float> input, Span<float> output, uint salt)
    {
        output.Clear();
        var scale = MathF.Sqrt((float)output.Length / input.Length);
        for (var i = 0; i < input.Length; i++)
        {
            var hash = StableHash.Mix((uint)i + salt * 0x9E3779B9u + 1);
            output[(int)((hash >> 1) % (uint)output.Length)] += (hash & 1) == 0 ? scale * input[i] : -scale * input[i];
        }
    }
}
