namespace M3.Adaptive.Model.Network;

/// <summary>Where a patch lies, as fixed waves along rows and columns: what attention needs to find "top left" by.</summary>
internal static class GridPositions
{
    private const double Shortest = 4;           // wavelengths in patches; shorter ones tell no more between neighbours
    private const double LongestInGrids = 4;     // a quarter of a wave across the picture: one value a place, kept by any pooling

    /// <param name="grid">Patches along one side, g.</param>
    /// <param name="width">C: sines and cosines for rows in the first half, for columns in the second.</param>
    /// <returns>[g * g, C], row-major, each value in -1..1.</returns>
    public static float[] Waves(int grid, int width)
    {
        var count = width / 4;
        var values = new float[grid * grid * width];
        for (var wave = 0; wave < count; wave++)
        {
            var length = Shortest * Math.Pow(LongestInGrids * grid / Shortest, wave / Math.Max(1.0, count - 1));
            for (var patch = 0; patch < grid * grid; patch++)
            {
                var (row, column) = (2 * Math.PI * (patch / grid) / length, 2 * Math.PI * (patch % grid) / length);
                var at = patch * width + wave;
                (values[at], values[at + count]) = ((float)Math.Sin(row), (float)Math.Cos(row));
                (values[at + 2 * count], values[at + 3 * count]) = ((float)Math.Sin(column), (float)Math.Cos(column));
            }
        }

        return values;
    }
}
