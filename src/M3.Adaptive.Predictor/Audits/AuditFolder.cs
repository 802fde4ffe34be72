using System.Text;
using System.Text.Json;
using M3.Adaptive.Core;

namespace M3.Adaptive.Predictor.Audits;

/// <summary>
/// Audits of one model's answers: files of JSON lines under <c>audits/MODELHASH</c> of the state folder, one for each process that audits. Each line is written at
/// once; part of a line at the end of a file, left by a killed process, is left out by readers.
/// </summary>
public sealed class AuditFolder(string stateFolder, ModelIdentity model)
{
    public string Folder { get; } = Path.Combine(stateFolder, "audits", model.Hash);

    /// <summary>A new file that this process appends to. Belongs to the caller; one thread at a time.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public AuditFile Begin(DateTimeOffset now)
    {
        Directory.CreateDirectory(Folder);
        return new AuditFile(Path.Combine(Folder, $"{now:yyyyMMdd-HHmmss}-{Guid.NewGuid():N}.jsonl"));
    }

    /// <summary>Every audit, oldest file first.</summary>
    /// <exception cref="PredictorException">A line is damaged; names file and line.</exception>
    public IEnumerable<AuditRecord> Read() =>
        Directory.Exists(Folder) ? Directory.EnumerateFiles(Folder, "*.jsonl").Order(StringComparer.Ordinal).SelectMany(ReadFile) : [];

    /// <summary>Deletes files whose last audit is older than a time.</summary>
    public void Forget(DateTimeOffset before)
    {
        if (!Directory.Exists(Folder)) return;
        foreach (var path in Directory.EnumerateFiles(Folder, "*.jsonl").Where(path => File.GetLastWriteTimeUtc(path) < before.UtcDateTime)) File.Delete(path);
    }

    private static IEnumerable<AuditRecord> ReadFile(string path)
    {
        var bytes = ReadShared(path);
        var whole = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        return Encoding.UTF8.GetString(bytes, 0, whole).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select((line, i) => Parse(line, $"{path}, line {i + 1}"));
    }

    private static byte[] ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private static AuditRecord Parse(string line, string place)
    {
        try
        {
            return JsonSerializer.Deserialize(line, AuditJson.Default.AuditRecord) is { } audit && audit.Answers.Count == VisualScale.Ladder.Length
                ? audit
                : throw new JsonException($"it has not one answer for each of {VisualScale.Ladder.Length} scales.");
        }
        catch (JsonException fault)
        {
            throw new PredictorException($"{place}: {fault.Message} Remove the line to go on without that audit.", fault);
        }
    }
}
