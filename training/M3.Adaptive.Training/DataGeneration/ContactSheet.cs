using System.Security;
using System.Text;
using M3.Adaptive.Training.DataGeneration.Drawing;

namespace M3.Adaptive.Training.DataGeneration;

/// <summary>Pictures side by side with their questions and answers below, to be looked at.</summary>
public static class ContactSheet
{
    private const int Columns = 4;
    private const int Gap = 12;
    private const int TextHeight = 190;
    private const int LineHeight = 14;
    private const int MostLetters = 50;
    private const int CellWidth = Scene.Side + Gap;
    private const int CellHeight = Scene.Side + TextHeight;

    /// <summary>Draws the scenes as one PNG file.</summary>
    /// <exception cref="ArgumentException">No scenes.</exception>
    public static byte[] Draw(IReadOnlyList<Scene> scenes, SceneRenderer renderer)
    {
        ArgumentNullException.ThrowIfNull(renderer);
        if (scenes is not { Count: > 0 }) throw new ArgumentException("A contact sheet needs at least one scene.", nameof(scenes));
        var columns = Math.Min(Columns, scenes.Count);
        var (width, height) = (columns * CellWidth + Gap, (scenes.Count + columns - 1) / columns * CellHeight + Gap);
        using var sheet = CairoSurface.Draw(Captions(scenes, columns, width, height), width, height);
        using var context = Librsvg.cairo_create(sheet);
        for (var i = 0; i < scenes.Count; i++)
        {
            renderer.DrawOnto(context, scenes[i], Gap + i % columns * CellWidth, Gap + i / columns * CellHeight);
        }
        return PngWriter.Write(sheet);
    }

    private static string Captions(IReadOnlyList<Scene> scenes, int columns, int width, int height)
    {
        var svg = new StringBuilder($"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">""");
        svg.Append("""<rect width="100%" height="100%" fill="white"/>""");
        for (var i = 0; i < scenes.Count; i++)
        {
            var (x, y) = (Gap + i % columns * CellWidth, Gap + i / columns * CellHeight + Scene.Side);
            foreach (var question in scenes[i].Questions.Take(TextHeight / LineHeight - 1))
            {
                y += LineHeight;
                var line = $"{question.Text}: {question.Answer} ({question.ExpectedTokens})";
                if (line.Length > MostLetters) line = line[..MostLetters] + "...";
                svg.Append($"""<text x="{x}" y="{y}" font-family="DejaVu Sans" font-size="10.5">{SecurityElement.Escape(line)}</text>""");
            }
        }
        return svg.Append("</svg>").ToString();
    }
}
