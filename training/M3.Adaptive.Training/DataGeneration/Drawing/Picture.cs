using M3.Adaptive.Model.Imaging;
using System.Text;

namespace M3.Adaptive.Training.DataGeneration.Drawing;

/// <summary>A place in pixels, from the picture's top left.</summary>
public readonly record struct Box(int X, int Y, int Width, int Height)
{
    public bool Overlaps(Box other, int gap = 0) =>
        X < other.X + other.Width + gap && other.X < X + Width + gap && Y < other.Y + other.Height + gap && other.Y < Y + Height + gap;

    public int CenterX => X + Width / 2;
    public int CenterY => Y + Height / 2;
}

/// <summary>An icon in a square of whole pixels.</summary>
public readonly record struct IconMark(IconArt Art, int X, int Y, int Size, double Opacity)
{
    public Box Box => new(X, Y, Size, Size);

    /// <summary>What the icon paints, in pixels of the picture.</summary>
    public (double Left, double Top, double Right, double Bottom) Ink =>
        (X + Art.Ink.Left * Size, Y + Art.Ink.Top * Size, X + Art.Ink.Right * Size, Y + Art.Ink.Bottom * Size);
}

/// <summary>One character of a word, centred on a whole pixel.</summary>
public readonly record struct GlyphMark(Typeface Face, int Size, char Character, int CenterX, int Baseline, Rgb Color, int IndexInWord);

/// <summary>What a picture shows, back to front: shapes, icons, characters.</summary>
public sealed class Picture
{
    private readonly StringBuilder _shapes = new();

    public List<IconMark> Icons { get; } = [];
    public List<GlyphMark> Glyphs { get; } = [];

    /// <summary>The bars of a chart; drawn as shapes, kept for the labels.</summary>
    public List<Box> Bars { get; } = [];

    public void AddShape(string svg) => _shapes.Append(svg);

    /// <summary>The shapes alone, as one SVG document of the picture's size.</summary>
    public string ShapesSvg() => Document(_shapes.ToString());

    public string ToSvg()
    {
        var svg = new StringBuilder().Append(_shapes);
        foreach (var icon in Icons)
        {
            svg.Append($"""<g opacity="{icon.Opacity}"><svg x="{icon.X}" y="{icon.Y}" width="{icon.Size}" height="{icon.Size}" """)
                .Append($"""viewBox="0 0 {icon.Art.Width} {icon.Art.Height}">""").Append(icon.Art.Body).Append("</svg></g>");
        }
        foreach (var glyph in Glyphs)
        {
            svg.Append(TextLine.Svg(glyph.Face, glyph.Size, glyph.Character, glyph.CenterX, glyph.Baseline, glyph.Color));
        }
        return Document(svg.ToString());
    }

    private static string Document(string content) =>
        $"""<svg {SvgDocument.Namespaces} width="{Scene.Side}" height="{Scene.Side}" viewBox="0 0 {Scene.Side} {Scene.Side}">{content}</svg>""";
}
