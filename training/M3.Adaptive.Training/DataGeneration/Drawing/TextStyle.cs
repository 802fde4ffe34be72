using M3.Adaptive.Model.Imaging;

namespace M3.Adaptive.Training.DataGeneration.Drawing;

/// <summary>How a line of text is set.</summary>
/// <param name="Size">Font size in units.</param>
/// <param name="Case">Of its letters.</param>
/// <param name="Spacing">Of its characters.</param>
public sealed record TextStyle(Typeface Face, double Size, LetterCase Case = LetterCase.Lower, Spacing Spacing = default)
{
    /// <summary>From the baseline to the top of capitals and ascenders.</summary>
    public double Height => TextLine.Height(Size);

    /// <summary>The text in this style's letters.</summary>
    public string Cased(string text) => Case switch
    {
        LetterCase.Upper => text.ToUpperInvariant(),
        LetterCase.Title => char.ToUpperInvariant(text[0]) + text[1..],
        LetterCase.Mixed => string.Concat(text.Select((letter, i) => i % 2 == 0 ? char.ToUpperInvariant(letter) : letter)),
        _ => text,
    };

    /// <summary>Width of the text, which is not empty.</summary>
    public double Width(string text) => Cased(text).Sum(Advance);

    /// <summary>Units that a character of the text has for itself, on average.</summary>
    public double MeanAdvance(string text) => Width(text) / text.Length;

    /// <summary>Writes a word with its left edge at <paramref name="left"/>, as far as it is not turned away from there.</summary>
    public void Write(Picture picture, string word, double left, double baseline, Rgb color, Turn turn = default)
    {
        var index = 0;
        foreach (var character in Cased(word))
        {
            var advance = Advance(character);
            var (x, y) = turn.Of(left + advance / 2, baseline);
            picture.Glyphs.Add(new(Face, Size, character, x, y, advance, color, char.IsAsciiLetterOrDigit(character) ? index++ : -1, turn.Degrees));
            left += advance;
        }
    }

    private double Advance(char character) => Size * (Spacing.Even ? TextLine.EvenAdvance : FaceFile.Of(Face).Advance(character) + Spacing.Tracking);
}

/// <summary>Which letters of a word are capitals.</summary>
public enum LetterCase
{
    Lower,
    Upper,

    /// <summary>The first.</summary>
    Title,

    /// <summary>Every other one.</summary>
    Mixed,
}

/// <summary>How far characters stand apart.</summary>
/// <param name="Even">All of them 0.72 of the font size from middle to middle; otherwise as the typeface spaces them.</param>
/// <param name="Tracking">What is added behind each, in font sizes, when they are not even.</param>
public readonly record struct Spacing(bool Even, double Tracking = 0);
