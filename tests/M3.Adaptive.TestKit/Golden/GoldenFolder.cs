using System.Text.Json;
using System.Text.Json.Nodes;

namespace M3.Adaptive.TestKit.Golden;

/// <summary>
/// The folder of golden values: <c>M3_GOLDEN</c>, else <c>shared/golden</c> beside the repository. A clone without it skips
/// the golden tests by name; where <c>M3_GOLDEN</c> or <c>CI=true</c> is set, its absence is a failure.
/// </summary>
public static class GoldenFolder
{
    private static readonly Lazy<GoldenIndex> Loaded = new(Read);

    /// <summary>What the folder's own <c>index.json</c> lists.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static GoldenIndex Index => Loaded.Value;

    /// <summary>Why golden tests are left out here; null when they run, or must fail for want of the folder.</summary>
    public static string? SkipReason => IsRequired || File.Exists(IndexFile)
        ? null
        : $"No golden values at {IndexFile}: set M3_GOLDEN to their folder.";

    private static bool IsRequired =>
        Environment.GetEnvironmentVariable("M3_GOLDEN") is { Length: > 0 } || Environment.GetEnvironmentVariable("CI") == "true";

    private static string Root => Environment.GetEnvironmentVariable("M3_GOLDEN") is { Length: > 0 } stated
        ? Path.GetFullPath(stated, RepositoryRoot.Path)
        : Path.GetFullPath("../shared/golden", RepositoryRoot.Path);

    private static string IndexFile => Path.Combine(Root, "index.json");

    private static GoldenIndex Read()
    {
        if (!File.Exists(IndexFile)) throw new DirectoryNotFoundException($"Golden values are required here, and {IndexFile} does not exist.");
        var index = JsonSerializer.Deserialize<GoldenIndex>(File.ReadAllText(IndexFile), JsonSerializerOptions.Web);
        return (index ?? throw new InvalidDataException($"{IndexFile} holds null.")) with { Root = Root };
    }

    /// <summary>Reads a JSON file of the folder.</summary>
    public static JsonNode ReadJson(string relativePath) =>
        JsonNode.Parse(File.ReadAllText(Index.PathOf(relativePath))) ?? throw new InvalidDataException($"{relativePath} holds null.");
}
