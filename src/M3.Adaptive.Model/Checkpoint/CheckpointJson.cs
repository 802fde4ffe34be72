using System.Text.Json;

namespace M3.Adaptive.Model.Checkpoint;

/// <summary>Opens the JSON files of a checkpoint folder: UTF-8, with or without a byte order mark, one object, no key twice.</summary>
internal static class CheckpointJson
{
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false };

    /// <exception cref="CheckpointException">The file holds no JSON object.</exception>
    public static JsonDocument Read(string path)
    {
        GitLfsPointer.Refuse(path);
        return Parse(path, File.ReadAllBytes(path));
    }

    /// <summary>Reads from memory; <paramref name="path"/> is what errors call it.</summary>
    /// <exception cref="CheckpointException">It is no JSON object.</exception>
    public static JsonDocument Parse(string path, ReadOnlyMemory<byte> utf8)
    {
        var mark = "\uFEFF"u8;
        if (utf8.Span.StartsWith(mark)) utf8 = utf8[mark.Length..];
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(utf8, Options);
        }
        catch (JsonException e)
        {
            throw new CheckpointException(path, $"not JSON: {e.Message.TrimEnd('.')}", e);
        }

        if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
        document.Dispose();
        throw new CheckpointException(path, "expected a JSON object");
    }
}
