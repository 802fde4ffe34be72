using System.Text.Json;
using M3.Adaptive.Routing.Wishes;

namespace M3.Adaptive.Service.Web.OpenAi;

/// <summary>
/// Reads the messages of a request: one message of the user, with one picture and the question about it. That is what the model's prompt holds; conversations, instructions and
/// further pictures are refused, as an answer that left them out would be one to another question.
/// </summary>
/// <param name="faults">Where faults go.</param>
internal sealed class ChatMessages(List<FieldFault> faults)
{
    private readonly List<string> _texts = [];
    private byte[]? _picture;
    private bool _isRead;

    public Detail Detail { get; private set; }

    public int? MaxVisualTokens { get; private set; }

    public int? MinVisualTokens { get; private set; }

    public double? Risk { get; private set; }

    public void Read(JsonElement messages)
    {
        _isRead = true;
        if (messages.ValueKind != JsonValueKind.Array || messages.GetArrayLength() == 0)
        {
            faults.Add(new("messages", "has no message; expected one of role user, with a picture and a question"));
            return;
        }

        if (messages.GetArrayLength() > 1)
            faults.Add(new("messages", $"has {messages.GetArrayLength()} messages; this model answers one question about one picture: send one message of role user, and all that matters within its question"));
        else ReadMessage("messages[0]", messages[0]);
    }

    /// <summary>The question and the picture's file. What is missing is a fault.</summary>
    public (string Question, ReadOnlyMemory<byte> Picture) Complete()
    {
        if (!_isRead) faults.Add(new("messages", "is missing; expected one message of role user, with a picture and a question"));
        if (faults is []) AddMissing();
        return (string.Join('\n', _texts), _picture);
    }

    private void AddMissing()
    {
        if (_picture is null) faults.Add(new("messages[0].content", "has no picture; add a part of type image_url"));
        if (_texts.All(string.IsNullOrWhiteSpace)) faults.Add(new("messages[0].content", "has no question; add a part of type text"));
    }

    private void ReadMessage(string place, JsonElement message)
    {
        if (message.ValueKind != JsonValueKind.Object)
        {
            faults.Add(new(place, "is no JSON object"));
            return;
        }

        foreach (var field in message.EnumerateObject())
        {
            var at = $"{place}.{field.Name}";
            switch (field.Name)
            {
                case "role" when IsText(field.Value, "user"): break;
                case "role": faults.Add(new(at, "is not user; this model takes neither instructions nor conversations, only a user's question")); break;
                case "content": ReadContent(at, field.Value); break;
                case "name": break;                                                // who the user is changes no answer
                default: faults.Add(OtherFields.Unknown(at)); break;
            }
        }

        if (!message.TryGetProperty("role", out _)) faults.Add(new($"{place}.role", "is missing; expected user"));
    }

    private void ReadContent(string place, JsonElement content)
    {
        if (content.ValueKind == JsonValueKind.String) _texts.Add(content.GetString() ?? "");
        else if (content.ValueKind != JsonValueKind.Array) faults.Add(new(place, "is neither a text nor a list of parts"));
        else foreach (var (i, part) in content.EnumerateArray().Index()) ReadPart($"{place}[{i}]", part);
    }

    private void ReadPart(string place, JsonElement part)
    {
        var type = part.ValueKind == JsonValueKind.Object && part.TryGetProperty("type", out var stated) && stated.ValueKind == JsonValueKind.String ? stated.GetString() : null;
        if (type is not ("text" or "image_url"))
        {
            faults.Add(new($"{place}.type", type is null ? "is missing; expected text or image_url" : $"is {type}; expected text or image_url"));
            return;
        }

        foreach (var field in part.EnumerateObject())
        {
            var at = $"{place}.{field.Name}";
            switch (field.Name)
            {
                case "type" or "prompt_cache_breakpoint": break;                   // where a cache may begin changes no answer
                case "text" when type == "text": _texts.Add(faults.Text(at, field.Value) ?? ""); break;
                case "image_url" when type == "image_url": ReadImage(at, field.Value); break;
                case "max_visual_tokens" when type == "image_url": MaxVisualTokens = faults.WholeNumber(at, field.Value); break;
                case "min_visual_tokens" when type == "image_url": MinVisualTokens = faults.WholeNumber(at, field.Value); break;
                case "risk" when type == "image_url": Risk = faults.Number(at, field.Value); break;
                default: faults.Add(OtherFields.Unknown(at)); break;
            }
        }

        if (!part.TryGetProperty(type, out _)) faults.Add(new($"{place}.{type}", "is missing"));
    }

    private void ReadImage(string place, JsonElement image)
    {
        if (image.ValueKind != JsonValueKind.Object || !image.TryGetProperty("url", out var url) || url.ValueKind != JsonValueKind.String)
        {
            faults.Add(new($"{place}.url", "is missing; expected a picture within the request, as data:image/png;base64,..."));
            return;
        }

        if (_picture is not null) faults.Add(new(place, "is a second picture; this model looks at one: ask about each in a request of its own"));
        else if (DataUri.Decode(url, out var bytes) is { } fault) faults.Add(new($"{place}.url", fault));
        else _picture = bytes;

        foreach (var field in image.EnumerateObject().Where(static field => field.Name is not "url"))
        {
            var at = $"{place}.{field.Name}";
            if (field.Name == "detail") Detail = DetailOf(at, field.Value);
            else faults.Add(OtherFields.Unknown(at));
        }
    }

    private Detail DetailOf(string place, JsonElement value)
    {
        switch (value.ValueKind == JsonValueKind.String ? value.GetString() : value.ValueKind == JsonValueKind.Null ? "auto" : null)
        {
            case "auto": return Detail.Auto;
            case "low": return Detail.Low;
            case "high" or "original": return Detail.High;
            default:
                faults.Add(new(place, "is no such detail; expected auto, low, high or original"));
                return Detail.Auto;
        }
    }

    private static bool IsText(JsonElement value, string text) => value.ValueKind == JsonValueKind.String && value.ValueEquals(text);
}
