using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using M3.Adaptive.Predictor.Artifact;

namespace M3.Adaptive.Predictor.Registry;

/// <summary>
/// The files of one registry, written so that a process killed at any point leaves them readable: a file is made beside its place and renamed into it. The last change
/// lies in the aliases, so that both come at once; <c>history.jsonl</c> follows, and what it lacks after a crash is made up for by the next change.
/// </summary>
internal sealed class RegistryFiles(string folder)
{
    private const string Unfinished = ".unfinished", OriginFile = "origin.json";
    private const int LockAttempts = 1000;
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(10);

    private readonly string _aliases = Path.Combine(folder, "aliases.json");
    private readonly string _history = Path.Combine(folder, "history.jsonl");

    public string Folder => folder;

    public string Versions { get; } = Path.Combine(folder, "versions");

    /// <summary>Keeps other threads and processes from changing the registry until it is disposed of; the system lets go of it should this process die.</summary>
    /// <exception cref="RegistryException">The folder cannot be written, or somebody has held the lock for ten seconds.</exception>
    public IDisposable Lock(CancellationToken cancellation)
    {
        var path = Path.Combine(folder, "lock");
        for (var attempt = 1; ; attempt++)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                Directory.CreateDirectory(Versions);
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (UnauthorizedAccessException fault)
            {
                throw new RegistryException(RegistryFault.Unavailable, $"{folder} cannot be written: give this user access, or name another state folder with M3_STATE.", fault);
            }
            catch (IOException fault) when (attempt == LockAttempts || !File.Exists(path))
            {
                throw new RegistryException(
                    RegistryFault.Unavailable, $"{folder} cannot be changed now: {fault.Message} Try again once no other process changes it.", fault);
            }
            catch (IOException)
            {
                cancellation.WaitHandle.WaitOne(LockPause);                       // another holder's work takes milliseconds
            }
        }
    }

    /// <summary>What is served now; needs no lock.</summary>
    /// <exception cref="RegistryException">The file is damaged.</exception>
    public Aliases ReadAliases()
    {
        try
        {
            return File.Exists(_aliases) ? JsonSerializer.Deserialize(File.ReadAllBytes(_aliases), RegistryJson.Default.Aliases) ?? Aliases.None : Aliases.None;
        }
        catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new RegistryException(
                RegistryFault.Unavailable, $"{_aliases} cannot be read: {fault.Message} Restore it, or delete it to begin with the model's own predictor again.", fault);
        }
    }

    /// <summary>Makes aliases count at once, and adds the change that led to them to the history.</summary>
    public void Write_NeedsLock(Aliases aliases)
    {
        var unfinished = _aliases + Unfinished;
        WriteDurably(unfinished, JsonSerializer.SerializeToUtf8Bytes(aliases, RegistryJson.Default.Aliases));
        File.Move(unfinished, _aliases, overwrite: true);
        CatchUp_NeedsLock(aliases);
    }

    /// <summary>Adds to the history what a crash kept from it, and cuts off a line that was not finished.</summary>
    public void CatchUp_NeedsLock(Aliases aliases)
    {
        if (aliases.Change is not { } change) return;
        using var file = new FileStream(_history, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        var whole = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        file.SetLength(whole);
        if (Parse(bytes.AsSpan(0, whole)) is [.., { } last] && last.Sequence >= change.Sequence) return;
        file.Position = whole;
        file.Write([.. JsonSerializer.SerializeToUtf8Bytes(change, RegistryLine.Default.RegistryChange), (byte)'\n']);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Every change, oldest first; needs no lock.</summary>
    public IReadOnlyList<RegistryChange> ReadHistory()
    {
        var change = ReadAliases().Change;
        var bytes = File.Exists(_history) ? File.ReadAllBytes(_history) : [];
        var lines = Parse(bytes.AsSpan(0, Array.LastIndexOf(bytes, (byte)'\n') + 1));
        return change is not null && (lines is [] || lines[^1].Sequence < change.Sequence) ? [.. lines, change] : lines;
    }

    /// <summary>Numbers of the versions that are there, smallest first; needs no lock.</summary>
    public IReadOnlyList<int> Numbers() => !Directory.Exists(Versions) ? [] :
    [
        .. Directory.EnumerateDirectories(Versions)
            .Select(static path => int.TryParse(Path.GetFileName(path), out var number) && number > 0 && Path.GetFileName(path) == $"{number}" ? number : 0)
            .Where(static number => number > 0)
            .Order(),
    ];

    public string FolderOf(int number) => Path.Combine(Versions, $"{number}");

    /// <summary>Puts a version's folder in its place as a whole.</summary>
    public int Add_NeedsLock(PredictorArtifact artifact, VersionOrigin origin)
    {
        foreach (var left in Directory.EnumerateDirectories(Versions, $"*{Unfinished}*")) Directory.Delete(left, recursive: true);
        var number = (Numbers() is [.., var last] ? last : 0) + 1;
        var unfinished = FolderOf(number) + Unfinished;
        artifact.Save(unfinished);
        WriteDurably(Path.Combine(unfinished, OriginFile), JsonSerializer.SerializeToUtf8Bytes(origin, RegistryJson.Default.VersionOrigin));
        Directory.Move(unfinished, FolderOf(number));
        return number;
    }

    public VersionOrigin ReadOrigin(int number)
    {
        var path = Path.Combine(FolderOf(number), OriginFile);
        if (!File.Exists(path)) throw new PredictorException($"{path} is missing: retrain, or restore it.");
        return PredictorArtifact.Parse(File.ReadAllBytes(path), RegistryJson.Default.VersionOrigin, path);
    }

    private IReadOnlyList<RegistryChange> Parse(ReadOnlySpan<byte> lines)
    {
        try
        {
            return
            [
                .. Encoding.UTF8.GetString(lines).Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    .Select(static line => JsonSerializer.Deserialize(line, RegistryLine.Default.RegistryChange) ?? throw new JsonException("a line is null")),
            ];
        }
        catch (JsonException fault)
        {
            throw new RegistryException(RegistryFault.Unavailable, $"{_history} cannot be read: {fault.Message} Restore it, or delete the damaged line.", fault);
        }
    }

    private static void WriteDurably(string path, ReadOnlySpan<byte> content)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write);
        file.Write(content);
        file.Flush(flushToDisk: true);
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n",
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Aliases))]
[JsonSerializable(typeof(VersionOrigin))]
internal sealed partial class RegistryJson : JsonSerializerContext;

/// <summary>One object a line.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(RegistryChange))]
internal sealed partial class RegistryLine : JsonSerializerContext;
