using System.Text;
using System.Text.Json;
using M3.Adaptive.Core;

namespace M3.Adaptive.Store.Decisions;

/// <summary>A file of decisions, one JSON object a line: what earlier versions wrote for each run of the service.</summary>
public static class DecisionFile
{
    /// <summary>Every whole line, oldest first; part of a line at the end, left by a killed process, is left out.</summary>
    /// <exception cref="StoreException">A line is damaged.</exception>
    public static IEnumerable<DecisionRecord> Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        var number = 0;
        for (var line = ReadWholeLine(reader); line is not null; line = ReadWholeLine(reader)) yield return Parse(line, path, ++number);
    }

    // StreamReader.ReadLine does not tell a line from its torn beginning.
    private static string? ReadWholeLine(StreamReader reader)
    {
        var line = new StringBuilder();
        for (var letter = reader.Read(); letter >= 0; letter = reader.Read())
        {
            if (letter == '\n') return line.ToString();
            line.Append((char)letter);
        }

        return null;
    }

    private static DecisionRecord Parse(string line, string path, int number)
    {
        try
        {
            return JsonSerializer.Deserialize(line, DecisionJson.Default.DecisionRecord) ?? throw new JsonException("it is null.");
        }
        catch (JsonException fault)
        {
            throw new StoreException($"{path}, line {number}: {fault.Message} Remove the line to go on without that decision.", fault);
        }
    }
}
