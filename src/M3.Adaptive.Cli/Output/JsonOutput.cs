using System.Text.Encodings.Web;
using System.Text.Json;

namespace M3.Adaptive.Cli.Output;

/// <summary>One JSON object on standard output, camelCase, and nothing else there.</summary>
internal static class JsonOutput
{
    // Question and answer stay readable: the output goes to a program or a terminal, never into a web page.
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Write<T>(T value) => Console.Out.WriteLine(JsonSerializer.Serialize(value, Options));
}
