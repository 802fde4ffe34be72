using System.Collections.Concurrent;
using SkiaSharp;

namespace M3.Adaptive.Training.DataGeneration.Drawing;

/// <summary>A typeface as its file holds it, read once. Safe for use by several threads.</summary>
internal sealed class FaceFile
{
    private const float MeasuredSize = 1000;     // widths are read at this size, so that they do not depend on a screen's pixels

    private static readonly ConcurrentDictionary<string, FaceFile> Known = new();
    private readonly SKTypeface _typeface;
    private readonly ConcurrentDictionary<char, double> _advances = new();

    private FaceFile(string path) => _typeface = SKTypeface.FromFile(path)
        ?? throw new DataAssetException($"{path} is no typeface that can be read. Run training/install-data-assets.sh.");

    /// <exception cref="DataAssetException">The file is missing or no typeface.</exception>
    public static FaceFile Of(Typeface face) => Known.GetOrAdd(face.Path, path => new FaceFile(path));

    /// <summary>Width of a character as the typeface spaces it, for a font size of 1.</summary>
    public double Advance(char character) => _advances.GetOrAdd(character, wanted =>
    {
        using var font = Font(MeasuredSize);
        return font.MeasureText(wanted.ToString()) / MeasuredSize;
    });

    public SKFont Font(float size) => new(_typeface, size)
    {
        Edging = SKFontEdging.Antialias,
        Hinting = SKFontHinting.None,
        Subpixel = true,
        LinearMetrics = true,
    };
}
