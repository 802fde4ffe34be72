using System.Text.Json;
using M3.Adaptive.Routing.Wishes;

namespace M3.Adaptive.Service.Web.OpenAi;

/// <summary>Values of JSON fields; one of another kind is a fault, and null.</summary>
internal static class FieldReading
{
    public static string? Text(this List<FieldFault> faults, string name, JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString() : faults.Wrong<string>(name, "a text");

    /// <summary>One text or a list of them.</summary>
    public static IReadOnlyList<string> Texts(this List<FieldFault> faults, string name, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String) return [value.GetString() ?? ""];
        if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(static text => text.ValueKind == JsonValueKind.String))
            return [.. value.EnumerateArray().Select(static text => text.GetString() ?? "")];
        faults.Add(new(name, "is no such value; expected a text or a list of texts"));
        return [];
    }

    public static int? WholeNumber(this List<FieldFault> faults, string name, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : faults.WrongNumber<int>(name, "a whole number");

    public static long? LongNumber(this List<FieldFault> faults, string name, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : faults.WrongNumber<long>(name, "a whole number");

    public static double? Number(this List<FieldFault> faults, string name, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) ? number : faults.WrongNumber<double>(name, "a number");

    public static bool Flag(this List<FieldFault> faults, string name, JsonElement value)
    {
        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False)) faults.Add(new(name, "is no such value; expected true or false"));
        return value.ValueKind == JsonValueKind.True;
    }

    /// <summary>A value that may stand in two places.</summary>
    public static T? Same<T>(this List<FieldFault> faults, string name, T? one, T? other)
        where T : struct
    {
        if (one is { } first && other is { } second && !first.Equals(second)) faults.Add(new(name, $"is {first} in the request and {second} beside the picture; leave one of them unset"));
        return one ?? other;
    }

    private static T? Wrong<T>(this List<FieldFault> faults, string name, string expected)
        where T : class
    {
        faults.Add(new(name, $"is no such value; expected {expected}"));
        return null;
    }

    private static T? WrongNumber<T>(this List<FieldFault> faults, string name, string expected)
        where T : struct
    {
        faults.Add(new(name, $"is no such value; expected {expected}"));
        return null;
    }
}
