using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace M3.Adaptive.TestKit.Files;

/// <summary>Audits as a service would have kept them of the committed calibration questions.</summary>
public static class WrittenAudits
{
    private static readonly string Labels = Path.Combine(RepositoryRoot.Path, "models", "m3-nano", "labels", "calibration.jsonl.gz");

    /// <param name="modelHash">Whose audits they are said to be; null: those of the shipped model, as they are.</param>
    public static void Write(string stateFolder, int count, string? modelHash = null)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(Labels), CompressionMode.Decompress));
        Dictionary<string, string> pictures = [];
        List<string> audits = [];
        while (reader.ReadLine() is { } text && audits.Count < count)
        {
            var line = JsonNode.Parse(text)!;
            if ((string?)line["kind"] == "labels") modelHash ??= (string)line["modelHash"]!;
            if ((string?)line["kind"] == "image") pictures[(string)line["image"]!] = (string)line["features"]!;
            if ((string?)line["kind"] != "item") continue;
            audits.Add(JsonSerializer.Serialize(new
            {
                decisionId = Guid.NewGuid(),
                at = DateTimeOffset.UnixEpoch,
                tenant = "default",
                modelHash,
                featureVersion = 1,
                image = (string)line["image"]!,
                picture = pictures[(string)line["image"]!],
                question = (string)line["question"]!,
                served = 36,
                answers = Enumerable.Range(0, 5).Select(rung => new
                {
                    text = (string)line["answers"]![rung]!,
                    flops = (double)line["flops"]![rung]!,
                    seconds = (double)line["seconds"]![rung]!,
                    evidence = (string)line["evidence"]![rung]!,
                }),
            }));
        }

        var folder = Directory.CreateDirectory(Path.Combine(stateFolder, "audits", modelHash ?? throw new InvalidDataException(Labels)));
        File.WriteAllLines(Path.Combine(folder.FullName, "audits.jsonl"), audits);
    }
}
