namespace M3.Adaptive.Training.DataGeneration.Drawing;

/// <summary>The drawing of one concept in one style.</summary>
/// <param name="Body">SVG elements, drawn in a view box of <paramref name="Width"/> by <paramref name="Height"/>.</param>
public sealed record IconArt(Concept Concept, int Style, string Body, double Width, double Height)
{
    /// <summary>The part of the icon's square that is painted: left, top, right, bottom in 0..1.</summary>
    public (double Left, double Top, double Right, double Bottom) Ink { get; private init; } = (0, 0, 1, 1);

    public string Document => $"""<svg {SvgDocument.Namespaces} viewBox="0 0 {Width} {Height}">{Body}</svg>""";

    /// <summary>Takes the drawing and measures what of its square it paints.</summary>
    public static IconArt Measure(Concept concept, int style, string body, double width, double height)
    {
        var art = new IconArt(concept, style, body, width, height);
        using var document = new SvgDocument(art.Document);
        var ink = document.InkWithin(new SvgRectangle(0, 0, 1, 1));
        return art with
        {
            Ink = (Math.Clamp(ink.X, 0, 1), Math.Clamp(ink.Y, 0, 1), Math.Clamp(ink.X + ink.Width, 0, 1), Math.Clamp(ink.Y + ink.Height, 0, 1)),
        };
    }
}
