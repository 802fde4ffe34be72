using System.Text.Json;
using M3.Adaptive.CommandLine;

namespace M3.Adaptive.Service.Settings;

/// <summary>Settings in a JSON file: objects are sections. Comments and trailing commas are allowed.</summary>
internal static class SettingsFile
{
    private const int MaxBytes = 1 << 20;

    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <exception cref="CommandException">It cannot be read, or holds no settings.</exception>
    public static IReadOnlyList<StatedSetting> Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(WithoutMark(ReadBytes(path)), Lenient);
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw Wrong(path, """expected an object such as {"Routing": {"SafeScale": 36}}""");
            var settings = Flatten(path, "", document.RootElement).ToList();
            if (settings.CountBy(static setting => setting.Key, StringComparer.OrdinalIgnoreCase).FirstOrDefault(static entry => entry.Value > 1) is { Key: { } twice })
            {
                throw Wrong(path, $"{twice} is set more than once");
            }

            return settings;
        }
        catch (JsonException fault)
        {
            // The message's end repeats the position, counted from zero.
            throw new CommandException($"the settings file {path}, line {fault.LineNumber + 1}, is no JSON: {fault.Message.Split(" LineNumber:")[0]}", cause: fault);
        }
    }

    private static byte[] ReadBytes(string path)
    {
        if (Directory.Exists(path)) throw new CommandException($"the settings file {path} is a folder");
        try
        {
            using var file = File.OpenRead(path);
            var bytes = new byte[MaxBytes + 1];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length <= MaxBytes ? bytes[..length] : throw Wrong(path, "expected at most 1 MiB of JSON");
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CommandException($"there is no settings file {path}", cause: fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"the settings file {path} cannot be read: {fault.Message}", cause: fault);
        }
    }

    private static ReadOnlyMemory<byte> WithoutMark(byte[] text) => text.AsSpan().StartsWith((byte[])[0xEF, 0xBB, 0xBF]) ? text.AsMemory(3) : text;

    private static IEnumerable<StatedSetting> Flatten(string path, string prefix, JsonElement section) => section.EnumerateObject().SelectMany(entry =>
    {
        var key = prefix + entry.Name;
        return entry.Value.ValueKind switch
        {
            JsonValueKind.Object => Flatten(path, $"{key}:", entry.Value),
            JsonValueKind.Null => throw Wrong(path, $"{key} is null; leave it out for its default"),
            JsonValueKind.Array => throw Wrong(path, $"{key} is a list; no setting is one"),
            _ => [new StatedSetting(key, entry.Value.ToString(), $"{key} in {path}", static known => known)],
        };
    });

    private static CommandException Wrong(string path, string why) => new($"the settings file {path} is wrong: {why}");
}
