using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using M3.Adaptive.CommandLine.Values;

namespace M3.Adaptive.Service.Settings;

/// <summary>A property of an options class as a setting: its name, and which texts it takes.</summary>
/// <param name="Key">Section and property, such as <c>Server:Port</c>.</param>
/// <param name="Property">What it sets.</param>
/// <param name="Default">What applies unless it is set; null is told by the property's own comment.</param>
internal sealed record KnownSetting(string Key, PropertyInfo Property, object? Default)
{
    private readonly Type _type = Nullable.GetUnderlyingType(Property.PropertyType) ?? Property.PropertyType;
    private readonly RangeAttribute? _range = Property.GetCustomAttribute<RangeAttribute>();

    // A whole number whose name ends in "Bytes" is written as a size.
    private Type Written => Property.Name.EndsWith("Bytes", StringComparison.Ordinal) ? typeof(ByteSize) : _type;

    /// <summary>What is expected of it, in words.</summary>
    public string Expectation => (Bounds, Kind) switch
    {
        (null, var kind) => kind,
        ({ } bounds, "a whole number") => $"a whole number {bounds}",
        ({ } bounds, var kind) => $"{kind}, {bounds}",
    };

    /// <summary>Its range; null where any value is taken.</summary>
    public string? Bounds => _range switch
    {
        null => null,
        { Maximum: >= (double)long.MaxValue or int.MaxValue } => $"from {Show(_range.Minimum)}",
        _ => $"from {Show(_range.Minimum)} to {Show(_range.Maximum)}",
    };

    /// <summary>The default as people write it; null where there is none.</summary>
    public string? ShownDefault => Default is null or "" ? null : Show(Default);

    /// <summary>The text as configuration binds it, whatever way it was written; null when it is no value of this setting.</summary>
    public string? Normalize(string text)
    {
        if (_type == typeof(string)) return string.IsNullOrWhiteSpace(text) ? null : text;
        if (_type.IsEnum) return Enum.GetNames(_type).FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
        var value = WrittenValue.Parse(Written, text);
        if (value is ByteSize size) value = size.Bytes;
        if (value is null || (value is long whole && _type == typeof(int) && whole != (int)whole)) return null;
        return _range?.IsValid(value) == false ? null : Convert.ToString(value, CultureInfo.InvariantCulture);
    }

    private string Kind => _type switch
    {
        { IsEnum: true } => Enum.GetNames(_type) is [.. var names, var last] ? $"{string.Join(", ", names)} or {last}" : "",
        _ when _type == typeof(string) => "a text",
        _ => WrittenValue.ExpectationOf(Written) ?? throw new InvalidOperationException($"Settings of {_type} cannot be written: {Key}."),
    };

    // Bounds of durations are texts until the attribute has been asked once.
    private string Show(object value) => value switch
    {
        TimeSpan duration => Durations.Show(duration),
        string text when _type == typeof(TimeSpan) => Durations.Show(TimeSpan.ParseExact(text, "c", CultureInfo.InvariantCulture)),
        bool flag => flag ? "true" : "false",
        _ when Written == typeof(ByteSize) => new ByteSize(Convert.ToInt64(value, CultureInfo.InvariantCulture)).ToString(),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
