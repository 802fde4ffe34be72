using System.Text.Json;
using M3.Adaptive.TestKit;
using M3.Adaptive.Training.DataGeneration;
using Xunit;

namespace M3.Adaptive.Training.Tests.DataGeneration;

/// <summary>The pictures and questions in models/m3-nano, which stay as they are until new weights come.</summary>
public sealed class CommittedSetsTests
{
    private static readonly string Model = Path.Combine(RepositoryRoot.Path, "models", "m3-nano");
    private static readonly string Test = Path.Combine(Model, "test");

    [Theory]
    [InlineData("test", 1500, "3b37f22")]
    [InlineData("samples", 10, "af8ebbd")]
    public void Manifest_Committed_NamesGeneratorAndHashOfWhatIsThere(string name, int pictures, string commit)
    {
        var folder = Path.Combine(Model, name);
        var manifest = DataSetManifest.Read(folder);

        Assert.StartsWith($"0.1.0+{commit}", manifest.Generator, StringComparison.Ordinal);
        Assert.Equal((pictures, Read(folder).Count), (manifest.Pictures, manifest.Questions));
        Assert.Equal(DataSetManifest.HashOf(folder), manifest.Data);
    }

    [Fact]
    public void Test_AllQuestions_CoverEveryFamilyButThoseForTraining()
    {
        var lines = Read(Test);

        Assert.InRange(lines.Count, 5_000, 6_500);
        Assert.Equal(Families.All.Except(Families.TrainingOnly).Order(), lines.Select(line => Text(line, "category")).Distinct().Order());
        Assert.All(lines.GroupBy(line => Text(line, "category")), family => Assert.True(family.Count() >= 300, family.Key));
    }

    [Theory]
    [InlineData("test", "*.webp", 10_000_000)]
    [InlineData("samples", "*.png", 700_000)]
    public void Folder_Committed_HoldsItsPicturesAndAttributionAndStaysSmall(string name, string pattern, long mostBytes)
    {
        var folder = Path.Combine(Model, name);
        var pictures = Directory.GetFiles(folder, pattern).Select(Path.GetFileName).Order();

        Assert.Equal(pictures, Read(folder).Select(line => line.GetProperty("image").GetString()).Distinct().Order());
        Assert.InRange(new DirectoryInfo(folder).EnumerateFiles().Sum(file => file.Length), 1, mostBytes);
        var attribution = File.ReadAllText(Path.Combine(folder, Attribution.FileName));
        Assert.All(DataLists.Styles, style => Assert.Contains(style.Package, attribution, StringComparison.Ordinal));
    }

    private static List<JsonElement> Read(string folder) =>
        [.. File.ReadLines(Path.Combine(folder, DataSetWriter.QuestionsFile)).Select(line => JsonElement.Parse(line))];

    private static string Text(JsonElement line, string property) => line.GetProperty(property).GetString() ?? "";
}
