using System.Globalization;

namespace M3.Adaptive.CommandLine.Values;

/// <summary>Text as a value of a type: the one way in which arguments and settings are read.</summary>
public static class WrittenValue
{
    /// <summary>Whether values of a type are read here; a nullable type is read as the type itself.</summary>
    public static bool IsKnown(Type type) => ExpectationOf(type) is not null;

    /// <returns>Null when the text is no such value.</returns>
    public static object? Parse(Type type, string text)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(int)) return Numbers.TryParse(text, out long whole) && whole is >= int.MinValue and <= int.MaxValue ? (int)whole : null;
        if (type == typeof(long)) return Numbers.TryParse(text, out long whole) ? whole : null;
        if (type == typeof(ulong)) return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var whole) && text[^1] != '\0' ? whole : null;
        if (type == typeof(float)) return Numbers.TryParse(text, out double number) && float.IsFinite((float)number) ? (float)number : null;
        if (type == typeof(double)) return Numbers.TryParse(text, out double number) ? number : null;
        if (type == typeof(TimeSpan)) return Durations.TryParse(text, out var duration) ? duration : null;
        if (type == typeof(ByteSize)) return ByteSize.TryParse(text, out var size) ? size : null;
        if (type == typeof(bool)) return text.ToLowerInvariant() switch { "true" => true, "false" => false, _ => null };
        throw new ArgumentException($"Values of {type} are not read here.", nameof(type));
    }

    /// <summary>What is expected of a value of a type, in words; null for a type that is not read here.</summary>
    public static string? ExpectationOf(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(int) || type == typeof(long)) return "a whole number";
        if (type == typeof(ulong)) return "a whole number, 0 or more";
        if (type == typeof(float) || type == typeof(double)) return "a number such as 0.05";
        if (type == typeof(TimeSpan)) return "a duration such as 30s, 250ms or 1.5h";
        if (type == typeof(ByteSize)) return "a size such as 16MiB";
        return type == typeof(bool) ? "true or false" : null;
    }
}
