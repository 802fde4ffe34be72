using M3.Adaptive.Training.DataGeneration.Drawing;
using SkiaSharp;

namespace M3.Adaptive.Training.DataGeneration;

/// <summary>Pictures side by side, each as the model gets to see it, with their questions and answers below, to be looked at.</summary>
public static class ContactSheet
{
    private const int Columns = 4;
    private const int Gap = 12;
    private const int TextHeight = 190;
    private const int LineHeight = 14;
    private const int CellWidth = Scene.Side + Gap;
    private const int CellHeight = Scene.Side + TextHeight;

    /// <summary>Draws the scenes as one PNG file.</summary>
    /// <exception cref="ArgumentException">No scenes.</exception>
    public static byte[] Draw(IReadOnlyList<Scene> scenes, SceneRenderer renderer)
    {
        ArgumentNullException.ThrowIfNull(renderer);
        if (scenes is not { Count: > 0 }) throw new ArgumentException("A contact sheet needs at least one scene.", nameof(scenes));
        var columns = Math.Min(Columns, scenes.Count);
        var info = new SKImageInfo(columns * CellWidth + Gap, (scenes.Count + columns - 1) / columns * CellHeight + Gap, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using var sheet = SKSurface.Create(info);
        sheet.Canvas.Clear(SKColors.White);
        using var font = FaceFile.Of(DataLists.Typefaces[0]).Font(10.5f);
        using var black = new SKPaint { IsAntialias = true };
        var rgb = new byte[Scene.Side * Scene.Side * 3];
        for (var i = 0; i < scenes.Count; i++)
        {
            var (x, y) = (Gap + i % columns * CellWidth, Gap + i / columns * CellHeight);
            renderer.Render(scenes[i], rgb);
            using var seen = PictureFile.Image(rgb, Scene.Side, Scene.Side);
            sheet.Canvas.DrawImage(seen, x, y, new SKSamplingOptions(SKFilterMode.Nearest));
            y += Scene.Side;
            foreach (var question in scenes[i].Questions.Take(TextHeight / LineHeight - 1))
            {
                y += LineHeight;
                var line = $"{question.Text}: {question.Answer} ({question.ExpectedTokens})";
                while (font.MeasureText(line) > Scene.Side) line = line[..^4] + "...";
                sheet.Canvas.DrawText(line, x, y, SKTextAlign.Left, font, black);
            }
        }
        using var pixels = sheet.PeekPixels();
        return PictureFile.Png(pixels);
    }
}
