using M3.Adaptive.TestKit;

namespace M3.Adaptive.EndToEnd.Tests.StockClients;

/// <summary>The examples of protos/README.md, by language and in order.</summary>
internal static class ReadmeExample
{
    public const string Picture = "models/m3-nano/samples/bars.png";

    public static IReadOnlyList<string> Of(string language)
    {
        var blocks = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "protos", "README.md")).Split("\n```");
        return [.. blocks.Where(block => block.StartsWith($"{language}\n", StringComparison.Ordinal)).Select(block => block[(language.Length + 1)..])];
    }
}
