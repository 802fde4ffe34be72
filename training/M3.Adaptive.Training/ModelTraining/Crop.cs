using M3.Adaptive.Training.DataGeneration;
using static TorchSharp.torch;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary>A window of 12 x 12 patches around a picture's text: reading is learnt there at a quarter of the full picture's price.</summary>
internal static class Crop
{
    public const int Side = 12;
    private const int Grid = DenseHeads.Grid;

    /// <summary>First row and column of the window; null when there is no text or it is larger than the window.</summary>
    public static (int Row, int Column)? Window(StoredScene scene)
    {
        var (top, left, bottom, right) = (Grid, Grid, -1, -1);
        for (var n = 0; n < scene.PatchClass.Length; n++)
        {
            if (scene.PatchClass[n] < PatchClasses.FirstCharacter || scene.PatchClass[n] >= PatchClasses.Bar) continue;
            var (row, column) = (n / Grid, n % Grid);
            (top, left, bottom, right) = (Math.Min(top, row), Math.Min(left, column), Math.Max(bottom, row), Math.Max(right, column));
        }

        if (bottom < 0 || bottom - top >= Side || right - left >= Side) return null;
        return (Place(top, bottom), Place(left, right));

        static int Place(int first, int last) => Math.Clamp((first + last + 1 - Side) / 2, 0, Grid - Side);
    }

    /// <param name="features">[B, 576, C]</param>
    /// <param name="windows">One a picture.</param>
    /// <returns>[B, 144, C]</returns>
    public static Tensor Take(Tensor features, (int Row, int Column)[] windows)
    {
        var grid = features.reshape(features.shape[0], Grid, Grid, -1);
        var crops = windows.Select((window, b) => grid[b].narrow(0, window.Row, Side).narrow(1, window.Column, Side).flatten(0, 1));
        return stack([.. crops], 0);
    }
}
