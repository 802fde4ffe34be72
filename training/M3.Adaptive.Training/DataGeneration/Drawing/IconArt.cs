using SkiaSharp;
using Svg.Skia;

namespace M3.Adaptive.Training.DataGeneration.Drawing;

/// <summary>The drawing of one concept in one style, read from its SVG elements when it is first needed. Safe for use by several threads.</summary>
public sealed class IconArt
{
    private const int MeasuredSide = 96;
    private const byte LeastAlpha = 12;          // fainter edges are not seen

    private static readonly Lock Reading = new();
    private readonly Lazy<SKSvg> _svg;
    private readonly Lazy<(double, double, double, double)> _ink;
    private readonly (double Width, double Height) _viewBox;

    /// <param name="style">Place of the package in styles.txt.</param>
    /// <param name="body">SVG elements in a view box of <paramref name="width"/> by <paramref name="height"/>.</param>
    public IconArt(Concept concept, int style, string body, double width, double height)
    {
        (Concept, Style, _viewBox) = (concept, style, (width, height));
        _svg = new(() => Read(body));
        _ink = new(MeasureInk);
    }

    public Concept Concept { get; }

    public int Style { get; }

    /// <summary>The part of the icon's square that is painted: left, top, right, bottom in 0..1.</summary>
    /// <exception cref="DataAssetException">The package's drawing cannot be read, or paints nothing.</exception>
    public (double Left, double Top, double Right, double Bottom) Ink => _ink.Value;

    /// <summary>Draws the icon into the square from (0, 0) to (side, side).</summary>
    /// <exception cref="DataAssetException">The package's drawing cannot be read.</exception>
    internal void Draw(SKCanvas canvas, float side)
    {
        var (width, height) = ((float)_viewBox.Width, (float)_viewBox.Height);
        var scale = side / Math.Max(width, height);
        canvas.Save();
        canvas.ClipRect(new(0, 0, side, side));                                   // some packages draw beyond their view box
        canvas.Translate((side - width * scale) / 2, (side - height * scale) / 2);
        canvas.Scale(scale);
        canvas.DrawPicture(_svg.Value.Picture);
        canvas.Restore();
    }

    public override string ToString() => $"{Concept.IconName} in style {Style}";

    private SKSvg Read(string body)
    {
        lock (Reading)
        {
            var svg = new SKSvg();
            try
            {
                if (svg.FromSvg($"""<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 {_viewBox.Width} {_viewBox.Height}">{body}</svg>""") is not null) return svg;
            }
            catch (System.Xml.XmlException fault)
            {
                throw new DataAssetException($"Svg.Skia cannot read the drawing of {this}: {fault.Message}", fault);
            }
            throw new DataAssetException($"Svg.Skia cannot read the drawing of {this}.");
        }
    }

    private (double, double, double, double) MeasureInk()
    {
        using var surface = SKSurface.Create(new SKImageInfo(MeasuredSide, MeasuredSide, SKColorType.Rgba8888, SKAlphaType.Premul));
        Draw(surface.Canvas, MeasuredSide);
        using var pixels = surface.PeekPixels();
        var rgba = pixels.GetPixelSpan();
        var (left, top, right, bottom) = (MeasuredSide, MeasuredSide, 0, 0);
        for (var y = 0; y < MeasuredSide; y++)
        {
            for (var x = 0; x < MeasuredSide; x++)
            {
                if (rgba[y * pixels.RowBytes + 4 * x + 3] < LeastAlpha) continue;
                (left, top, right, bottom) = (Math.Min(left, x), Math.Min(top, y), Math.Max(right, x + 1), Math.Max(bottom, y + 1));
            }
        }
        if (right == 0) throw new DataAssetException($"The drawing of {this} paints nothing.");
        return (left / (double)MeasuredSide, top / (double)MeasuredSide, right / (double)MeasuredSide, bottom / (double)MeasuredSide);
    }
}
