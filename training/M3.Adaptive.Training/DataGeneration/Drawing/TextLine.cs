using M3.Adaptive.Model.Imaging;
namespace M3.Adaptive.Training.DataGeneration.Drawing;

/// <summary>Text of evenly spaced characters: at 17 px one character fills one patch of 12 px.</summary>
public static class TextLine
{
    public const int SmallestSize = 17;
    public const int LargestSize = 64;

    /// <summary>Pixels from one character's centre to the next.</summary>
    public static int Advance(int size) => (int)Math.Round(0.72 * size, MidpointRounding.AwayFromZero);

    /// <summary>Pixels from the baseline to the top of capitals and ascenders.</summary>
    public static int Height(int size) => Advance(size);

    public static int Width(int size, int characters) => Advance(size) * characters;

    /// <summary>The largest size at which so many characters fit a width; at least the smallest of all.</summary>
    public static int LargestFitting(int characters, int width)
    {
        var size = LargestSize;
        while (size > SmallestSize && Width(size, characters) > width) size--;
        return size;
    }

    /// <summary>Visual tokens that text of this size should need: a pooled cell must hold little more than one character.</summary>
    public static int ExpectedTokens(int size) => Advance(size) switch { >= 44 => 36, >= 20 => 144, _ => 576 };

    /// <summary>Writes a word with its left edge at <paramref name="left"/>.</summary>
    public static void Write(Picture picture, Typeface face, int size, string word, int left, int baseline, Rgb color)
    {
        var advance = Advance(size);
        for (var i = 0; i < word.Length; i++)
        {
            picture.Glyphs.Add(new(face, size, word[i], left + i * advance + advance / 2, baseline, color, i));
        }
    }

    /// <summary>One character as an SVG element.</summary>
    public static string Svg(Typeface face, int size, char character, int centerX, int baseline, Rgb color) =>
        $"""<text x="{centerX}" y="{baseline}" text-anchor="middle" font-family="{face.Family}" font-weight="{face.Weight}" """
        + $"""font-size="{size}" fill="{color}">{character}</text>""";
}
