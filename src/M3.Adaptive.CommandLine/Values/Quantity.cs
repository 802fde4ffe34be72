using System.Globalization;
using System.Text.RegularExpressions;

namespace M3.Adaptive.CommandLine.Values;

/// <summary>An amount with its unit: <c>1.5h</c>, <c>16MiB</c>, <c>16 MiB</c>. Exact, as 0.1 of a unit is no binary fraction.</summary>
internal static partial class Quantity
{
    /// <param name="text">What was written.</param>
    /// <param name="sizeOf">Size of a unit, which is empty when none was written; null when there is no such unit.</param>
    /// <param name="value">In the smallest unit, and whole.</param>
    public static bool TryParse(string text, Func<string, long?> sizeOf, out long value)
    {
        value = 0;
        var parts = Parts().Match(text);
        if (!parts.Success || sizeOf(parts.Groups["unit"].Value) is not { } size) return false;
        if (!decimal.TryParse(parts.Groups["amount"].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)) return false;
        if (amount > long.MaxValue / size || amount * size != decimal.Truncate(amount * size)) return false;
        value = (long)(amount * size);
        return true;
    }

    /// <summary>The shortest exact way to write a value in whole units; the last of <paramref name="units"/> has size 1 or fits whatever is written.</summary>
    public static string Show(long value, IEnumerable<(string Unit, long Size)> units)
    {
        var (unit, size) = units.First(candidate => candidate.Size == 1 || (value != 0 && value % candidate.Size == 0));
        return string.Create(CultureInfo.InvariantCulture, $"{value / size}{unit}");
    }

    [GeneratedRegex(@"\A(?<amount>[0-9]+(\.[0-9]+)?) ?(?<unit>[A-Za-z]*)\z")]
    private static partial Regex Parts();
}
