using System.Text.Json;
using M3.Adaptive.Routing.Requests;
using M3.Adaptive.Routing.Wishes;

namespace M3.Adaptive.Service.Web.OpenAi;

/// <summary>
/// Reads a chat completion request. What changes the answer is either understood or refused by name, and so is what no OpenAI server knows;
/// what changes nothing is let pass. Pure.
/// </summary>
internal sealed class ChatRequestReader
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private readonly List<FieldFault> _faults = [];
    private readonly ChatMessages _messages;

    private ChatRequestReader() => _messages = new ChatMessages(_faults);

    /// <param name="json">The request's body.</param>
    /// <exception cref="InvalidRequestException">It is no such request, or asks for what this server cannot do; the message names every field at fault.</exception>
    public static ChatRequest Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            return new ChatRequestReader().Read(document.RootElement);
        }
        catch (JsonException fault)
        {
            throw new InvalidRequestException([new("body", $"is no JSON: {fault.Message}")]);
        }
        catch (InvalidOperationException)
        {
            // Texts are looked at when they are read, not before.
            throw new InvalidRequestException([new("body", "holds a text that is no Unicode: broken UTF-8, or half a surrogate pair")]);
        }
    }

    private ChatRequest Read(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object) throw new InvalidRequestException([new("body", "is no JSON object")]);
        string? model = null;
        int? maxTokens = null, maxCompletionTokens = null, maxVisualTokens = null, minVisualTokens = null;
        float? temperature = null, topP = null;
        double? risk = null;
        long? seed = null;
        IReadOnlyList<string> stop = [];
        bool isStreamed = false, includesUsage = false;
        foreach (var field in body.EnumerateObject().Where(static field => field.Value.ValueKind != JsonValueKind.Null || !IsKnown(field.Name)))
        {
            var (name, value) = (field.Name, field.Value);
            switch (name)
            {
                case "model": model = _faults.Text(name, value); break;
                case "messages": _messages.Read(value); break;
                case "max_tokens": maxTokens = _faults.WholeNumber(name, value); break;
                case "max_completion_tokens": maxCompletionTokens = _faults.WholeNumber(name, value); break;
                case "max_visual_tokens": maxVisualTokens = _faults.WholeNumber(name, value); break;
                case "min_visual_tokens": minVisualTokens = _faults.WholeNumber(name, value); break;
                case "risk": risk = _faults.Number(name, value); break;
                case "temperature": temperature = (float?)_faults.Number(name, value); break;
                case "top_p": topP = (float?)_faults.Number(name, value); break;
                case "seed": seed = _faults.LongNumber(name, value); break;
                case "stop": stop = _faults.Texts(name, value); break;
                case "stream": isStreamed = _faults.Flag(name, value); break;
                case "stream_options": includesUsage = IncludesUsage(value); break;
                default: _faults.AddRange(OtherFields.FaultsOf(name, value)); break;
            }
        }

        if (model is null && !HasFaultAt("model")) _faults.Add(new("model", "is missing; GET /v1/models lists what there is"));
        if (maxTokens is not null && maxCompletionTokens is not null && maxTokens != maxCompletionTokens)
            _faults.Add(new("max_tokens", $"is {maxTokens} and max_completion_tokens {maxCompletionTokens}; leave one of them unset"));
        maxVisualTokens = _faults.Same("max_visual_tokens", maxVisualTokens, _messages.MaxVisualTokens);
        minVisualTokens = _faults.Same("min_visual_tokens", minVisualTokens, _messages.MinVisualTokens);
        risk = _faults.Same("risk", risk, _messages.Risk);
        if (minVisualTokens is not null and not (>= 1 and <= 576)) _faults.Add(new("min_visual_tokens", $"is {minVisualTokens}; expected 1 to 576"));
        if (minVisualTokens > maxVisualTokens) _faults.Add(new("min_visual_tokens", $"is {minVisualTokens}, above the {maxVisualTokens} of max_visual_tokens"));
        var (question, picture) = _messages.Complete();
        if (_faults is not []) throw new InvalidRequestException(_faults);
        return new ChatRequest
        {
            Model = model ?? "",
            Question = question,
            Picture = picture,
            Detail = _messages.Detail,
            MaxVisualTokens = maxVisualTokens,
            MinVisualTokens = minVisualTokens,
            Risk = risk,
            MaxTokens = maxTokens ?? maxCompletionTokens,
            Temperature = temperature,
            TopP = topP,
            Seed = seed,
            Stop = stop,
            IsStreamed = isStreamed,
            IncludesUsage = includesUsage,
        };
    }

    private bool IncludesUsage(JsonElement options)
    {
        if (options.ValueKind != JsonValueKind.Object)
        {
            _faults.Add(new("stream_options", "is no JSON object"));
            return false;
        }

        var includes = false;
        foreach (var option in options.EnumerateObject())
        {
            var name = $"stream_options.{option.Name}";
            if (option.Name == "include_usage") includes = _faults.Flag(name, option.Value);
            else if (option.Name != "include_obfuscation") _faults.Add(OtherFields.Unknown(name));
            else if (option.Value.ValueKind != JsonValueKind.False) _faults.Add(OtherFields.Impossible(name));
        }

        return includes;
    }

    private bool HasFaultAt(string field) => _faults.Any(fault => fault.Field == field);

    /// <summary>Every field of a request that is known, whether or not anything can be done about it.</summary>
    public static IEnumerable<string> Names => Understood.Concat(OtherFields.Names);

    private static bool IsKnown(string name) => Understood.Contains(name) || OtherFields.IsKnown(name);

    private static readonly HashSet<string> Understood =
    [
        "model", "messages", "max_tokens", "max_completion_tokens", "max_visual_tokens", "min_visual_tokens", "risk", "temperature", "top_p", "seed", "stop", "stream", "stream_options",
    ];
}
