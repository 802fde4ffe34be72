using M3.Adaptive.Model.Imaging;

namespace M3.Adaptive.Training.DataGeneration.Drawing;

/// <summary>One character of a word.</summary>
/// <param name="Character">As it is drawn: a letter in either case, a digit or a sign.</param>
/// <param name="CenterX">Middle of the character on its line.</param>
/// <param name="Baseline">Height of that point; the line's other points lie elsewhere when it is turned.</param>
/// <param name="Advance">Width that the character has for itself.</param>
/// <param name="IndexInWord">From 0; -1 for signs, which nobody asks for.</param>
/// <param name="Turn">Degrees of its line, clockwise.</param>
public readonly record struct GlyphMark(
    Typeface Face, double Size, char Character, double CenterX, double Baseline, double Advance, Rgb Color, int IndexInWord, double Turn = 0)
{
    /// <summary>Between two characters lie so many units of background, as far as there is room.</summary>
    private const double Margin = 2.5;

    /// <summary>What the character owns: the height of capitals, and its width less a margin to each side.</summary>
    public Area Ink
    {
        get
        {
            var height = TextLine.Height(Size);
            var (dx, dy) = Area.Turned(0, -height / 2, Turn);
            return new(CenterX + dx, Baseline + dy, Advance / 2 - Math.Min(Margin, Advance / 5), height / 2, Turn);
        }
    }
}
