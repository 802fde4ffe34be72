using System.Globalization;

namespace M3.Adaptive.CommandLine.Values;

/// <summary>
/// Numbers as people write them: one way, whatever the machine's culture is. No thousands separator, no white space, no sign but a minus;
/// a comma is an error and never skipped.
/// </summary>
public static class Numbers
{
    public static bool TryParse(string text, out long value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && StartsLikeOne(text);

    /// <returns>False also for what is not finite.</returns>
    public static bool TryParse(string text, out double value) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value)
        && double.IsFinite(value) && StartsLikeOne(text);

    // .NET also reads "+5" and, behind the last digit, zero bytes.
    private static bool StartsLikeOne(string text) => text[0] is '-' or '.' or (>= '0' and <= '9') && text[^1] != '\0';
}
