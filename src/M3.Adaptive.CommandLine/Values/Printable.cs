using System.Globalization;
using System.Text;

namespace M3.Adaptive.CommandLine.Values;

/// <summary>Text that somebody else wrote, for a terminal or a log: what would move the cursor, colour, reorder or break the line is shown as its code.</summary>
public static class Printable
{
    public static string Of(string text)
    {
        if (text.EnumerateRunes().All(static rune => IsSafe(rune) && rune != Rune.ReplacementChar)) return text;
        var shown = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())                               // half a surrogate pair is read as U+FFFD
        {
            if (IsSafe(rune)) shown.Append(rune.ToString());
            else shown.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
        }

        return shown.ToString();
    }

    private static bool IsSafe(Rune rune) => Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
