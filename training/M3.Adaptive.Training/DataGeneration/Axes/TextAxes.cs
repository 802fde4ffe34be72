using M3.Adaptive.Model.Imaging;
using M3.Adaptive.Training.DataGeneration.Drawing;

namespace M3.Adaptive.Training.DataGeneration.Axes;

/// <summary>Which letters are capitals.</summary>
internal sealed class LetterCases() : Axis<LetterCase>("letters",
    ("lower case", 0.45, _ => LetterCase.Lower),
    ("capitals", 0.32, _ => LetterCase.Upper),
    ("a capital in front", 0.16, _ => LetterCase.Title),
    ("every other a capital", 0.07, _ => LetterCase.Mixed));

/// <summary>How far characters stand apart.</summary>
internal sealed class Spacings() : Axis<Spacing>("spacing",
    ("the typeface's own", 0.46, random => new(Even: false, random.Between(0.0, 0.06))),
    ("even, 0.72 of the font size", 0.34, _ => new(Even: true)),
    ("wide", 0.20, random => new(Even: false, random.Between(0.1, 0.4))));

/// <summary>A colour to write with on a surface: at least 0.35 of brightness apart.</summary>
internal sealed class Inks() : Axis<Func<Rgb, Rgb>>("colour of text",
    ("any that contrasts", 0.60, random => surface => Palette.InkOn(surface, random)),
    ("near black or white", 0.40, random => surface => surface.Towards(surface.Luma > 0.5 ? new(0, 0, 0) : new(255, 255, 255), random.Between(0.8, 1.0))));

/// <summary>Degrees that signs, slips and lines of text are turned by, clockwise.</summary>
internal sealed class TextTurns() : Axis<double>("text is turned",
    ("no", 0.74, _ => 0),
    ("up to 3 degrees", 0.14, random => Math.Round(random.Between(-3.0, 3), 1)),
    ("3 to 12 degrees", 0.12, random => Math.Round(random.Between(3.0, 12) * (random.Chance(0.5) ? 1 : -1), 1)));
