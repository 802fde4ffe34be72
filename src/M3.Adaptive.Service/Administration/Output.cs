using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using M3.Adaptive.CommandLine.Values;

namespace M3.Adaptive.Service.Administration;

/// <summary>What a command found: one JSON object on standard output, or a table for people.</summary>
internal static class Output
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,                   // for a program or a terminal, never a web page
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static void Json<T>(T value) => Console.Out.WriteLine(JsonSerializer.Serialize(value, Options));

    /// <param name="header">Names of the columns.</param>
    /// <param name="rows">Cells by column.</param>
    public static void Table(string[] header, IEnumerable<string[]> rows)
    {
        string[][] lines = [header, .. rows];
        int[] widths = [.. Enumerable.Range(0, header.Length).Select(column => lines.Max(line => line[column].Length))];
        foreach (var line in lines)
            Console.Out.WriteLine(string.Join("  ", line.Select((cell, column) => Printable.Of(cell).PadRight(widths[column]))).TrimEnd());
    }
}
