using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace M3.Adaptive.Model.Checkpoint;

/// <summary>Reads fields of a JSON object and collects what is wrong with them; what is absent or null has its default.</summary>
internal sealed class JsonFields(JsonElement json, string path, List<string> faults)
{
    /// <summary>Largest extent, count or size that is believed.</summary>
    private const int Largest = 1 << 24;

    // Messages are read by people, so that quotes and letters need no escapes.
    private static readonly JsonSerializerOptions AsItIsWritten = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonElement EmptyObject = JsonElement.Parse("{}");

    /// <summary>Whether a field is there and not null.</summary>
    public bool Has(string key) => TryGet(key, out _);

    public bool Is(string key, string text) => TryGet(key, out var value) && value.ValueKind == JsonValueKind.String && value.ValueEquals(text);

    public bool IsObject(string key) => TryGet(key, out var value) && value.ValueKind == JsonValueKind.Object;

    public int Positive(string key, int whenAbsent) => Integer(key, whenAbsent, 1, Largest);

    public int Integer(string key, int whenAbsent, int least, int most)
    {
        if (!TryGet(key, out var value)) return whenAbsent;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least && number <= most) return number;
        return Fault(key, value, least == most ? $"{least}" : $"a whole number from {least} to {most}", whenAbsent);
    }

    public double Number(string key, double whenAbsent)
    {
        if (!TryGet(key, out var value)) return whenAbsent;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number) && number > 0) return number;
        return Fault(key, value, "a number above 0", whenAbsent);
    }

    /// <summary>A number that is stated elsewhere already; another one is reported.</summary>
    public double Exactly(string key, double stated)
    {
        if (!TryGet(key, out var value) || (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number == stated)) return stated;
        return Fault(key, value, $"{stated.ToString(CultureInfo.InvariantCulture)}, as it is stated beside it", stated);
    }

    /// <summary>Reports a field that changes what is computed in a way that is not supported: any value but null and the factor 1.</summary>
    public void Neutral(string key)
    {
        if (TryGet(key, out var value) && !(value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number == 1))
            Fault(key, value, "none, as it is not supported", 0);
    }

    public bool Flag(string key, bool whenAbsent)
    {
        if (!TryGet(key, out var value)) return whenAbsent;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) return value.GetBoolean();
        return Fault(key, value, "true or false", whenAbsent);
    }

    /// <summary>A text; null when absent.</summary>
    public string? Text(string key)
    {
        if (!TryGet(key, out var value)) return null;
        return value.ValueKind == JsonValueKind.String ? value.GetString() : Fault<string?>(key, value, "a text", null);
    }

    /// <summary>A field that may only have certain texts; the first is the default.</summary>
    public string OneOf(string key, params ReadOnlySpan<string> allowed)
    {
        if (!TryGet(key, out var value)) return allowed[0];
        if (value.ValueKind == JsonValueKind.String && allowed.Contains(value.GetString() ?? "")) return value.GetString() ?? "";
        return Fault(key, value, string.Join(" or ", allowed.ToArray()), allowed[0]);
    }

    public int[] Integers(string key, int[] whenAbsent)
    {
        if (!TryGet(key, out var value)) return whenAbsent;
        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0 && value.EnumerateArray().All(IsPositive))
            return [.. value.EnumerateArray().Select(item => item.GetInt32())];
        return Fault(key, value, "a list of positive whole numbers", whenAbsent);
    }

    public double[] Numbers(string key, double[] whenAbsent)
    {
        if (!TryGet(key, out var value)) return whenAbsent;
        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == whenAbsent.Length && value.EnumerateArray().All(IsPositiveDouble))
            return [.. value.EnumerateArray().Select(item => item.GetDouble())];
        return Fault(key, value, $"a list of {whenAbsent.Length} numbers above 0", whenAbsent);
    }

    /// <summary>Reports a field that the product supports only when absent, null or of one value.</summary>
    public void Only(string key, bool supported)
    {
        if (TryGet(key, out var value) && value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            Fault(key, value, "true or false", supported);
        else if (TryGet(key, out value) && value.GetBoolean() != supported) Fault(key, value, supported ? "true" : "false", supported);
    }

    /// <summary>Names of all fields.</summary>
    public IEnumerable<string> Keys => json.EnumerateObject().Select(property => property.Name);

    /// <summary>Reports a field that must be absent or null.</summary>
    public void Absent(string key)
    {
        if (TryGet(key, out var value)) Fault(key, value, "null", 0);
    }

    /// <summary>A nested object; null when absent.</summary>
    public JsonFields? Object(string key)
    {
        if (!TryGet(key, out var value)) return null;
        return value.ValueKind == JsonValueKind.Object
            ? new JsonFields(value, $"{path}{key}.", faults)
            : Fault<JsonFields?>(key, value, "an object", null);
    }

    /// <summary>An object without any field, for one that is absent.</summary>
    public JsonFields Empty() => new(EmptyObject, path, faults);

    private static bool IsPositive(JsonElement item) =>
        item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out var number) && number is > 0 and <= Largest;

    private static bool IsPositiveDouble(JsonElement item) =>
        item.ValueKind == JsonValueKind.Number && item.TryGetDouble(out var number) && number > 0;

    private bool TryGet(string key, out JsonElement value) => json.TryGetProperty(key, out value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>A value as messages show it: JSON without white space, its beginning when it is long.</summary>
    public static string Show(JsonElement value)
    {
        var found = JsonSerializer.Serialize(value, AsItIsWritten);
        return found.Length > 80 ? found[..80] + "..." : found;
    }

    private T Fault<T>(string key, JsonElement value, string expected, T instead)
    {
        faults.Add($"{path}{key} is {Show(value)}: expected {expected}");
        return instead;
    }
}
