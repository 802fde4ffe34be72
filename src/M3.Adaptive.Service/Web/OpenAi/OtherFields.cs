using System.Text.Json;
using M3.Adaptive.Routing.Wishes;

namespace M3.Adaptive.Service.Web.OpenAi;

/// <summary>Fields of OpenAI's requests that this server has nothing for: let pass where they ask for what is given anyway, else refused by name. Pure.</summary>
internal static class OtherFields
{
    private static readonly Dictionary<string, Predicate<JsonElement>> Harmless = new()
    {
        // They tell who asks, or where to keep what, and change no answer.
        ["user"] = Any,
        ["safety_identifier"] = Any,
        ["metadata"] = Any,
        ["prompt_cache_key"] = Any,
        ["prompt_cache_options"] = Any,
        ["prompt_cache_retention"] = Any,
        ["parallel_tool_calls"] = Any,
        // They ask for what is done anyway.
        ["n"] = static value => IsNumber(value, 1),
        ["presence_penalty"] = static value => IsNumber(value, 0),
        ["frequency_penalty"] = static value => IsNumber(value, 0),
        ["logprobs"] = static value => value.ValueKind == JsonValueKind.False,
        ["store"] = static value => value.ValueKind == JsonValueKind.False,
        ["top_logprobs"] = static value => IsNumber(value, 0),
        ["logit_bias"] = IsEmpty,
        ["tools"] = IsEmpty,
        ["functions"] = IsEmpty,
        ["tool_choice"] = static value => IsText(value, "none", "auto"),
        ["function_call"] = static value => IsText(value, "none", "auto"),
        ["service_tier"] = static value => IsText(value, "auto", "default"),
        ["response_format"] = static value => value.ValueKind == JsonValueKind.Object && value.GetPropertyCount() == 1 && value.TryGetProperty("type", out var type) && IsText(type, "text"),
        ["modalities"] = static value => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 1 && IsText(value[0], "text"),
        // Nothing here has them.
        ["audio"] = Never,
        ["moderation"] = Never,
        ["prediction"] = Never,
        ["reasoning_effort"] = Never,
        ["verbosity"] = Never,
        ["web_search_options"] = Never,
    };

    public static IEnumerable<string> Names => Harmless.Keys;

    public static bool IsKnown(string name) => Harmless.ContainsKey(name);

    public static IEnumerable<FieldFault> FaultsOf(string name, JsonElement value)
    {
        if (!Harmless.TryGetValue(name, out var isHarmless)) yield return Unknown(name);
        else if (!isHarmless(value)) yield return Impossible(name);
    }

    public static FieldFault Impossible(string name) => new(name, "asks for what this server cannot do; leave it out");

    public static FieldFault Unknown(string name) => new(name, "is no field that this server knows; leave it out");

    private static bool Any(JsonElement value) => true;

    private static bool Never(JsonElement value) => false;

    private static bool IsNumber(JsonElement value, double number) => value.ValueKind == JsonValueKind.Number && value.GetDouble() == number;

    private static bool IsText(JsonElement value, params ReadOnlySpan<string> texts) => value.ValueKind == JsonValueKind.String && texts.Contains(value.GetString());

    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => !value.EnumerateObject().Any(),
        _ => false,
    };
}
