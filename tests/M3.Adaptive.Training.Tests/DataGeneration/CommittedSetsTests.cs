using System.Text.Json;
using M3.Adaptive.Model.Imaging;
using M3.Adaptive.TestKit;
using M3.Adaptive.Training.DataGeneration;
using Xunit;

namespace M3.Adaptive.Training.Tests.DataGeneration;

/// <summary>The pictures in models/m3-nano against the generator that made them.</summary>
public sealed class CommittedSetsTests
{
    private static readonly string Model = Path.Combine(RepositoryRoot.Path, "models", "m3-nano");
    private static readonly string Test = Path.Combine(Model, "test");

    [Fact]
    public void Test_EveryQuestion_IsTheGenerators()
    {
        var lines = Read(Test);
        var generator = TestData.Generator(Split.Test, DataCommand.DefaultSeed);
        foreach (var picture in lines.GroupBy(line => line.GetProperty("image").GetString()))
        {
            var index = int.Parse(Path.GetFileNameWithoutExtension(picture.Key) ?? "");
            var expected = QuestionSampler.Sample(generator.QuestionScene(index), 4, DataCommand.DefaultSeed, index);
            Assert.Equal(expected.Select(question => (question.Text, question.Answer, question.Family)),
                picture.Select(line => (Text(line, "text"), line.GetProperty("answers")[0].GetString() ?? "", Text(line, "category"))));
        }
    }

    [Fact]
    public void Test_EveryPicture_LooksAsTheGeneratorDrawsIt()
    {
        var generator = TestData.Generator(Split.Test, DataCommand.DefaultSeed);
        using var renderer = new SceneRenderer();
        var drawn = new byte[Scene.Side * Scene.Side * 3];
        foreach (var file in Directory.GetFiles(Test, "*.webp"))
        {
            renderer.Render(generator.QuestionScene(int.Parse(Path.GetFileNameWithoutExtension(file))), drawn);
            var stored = ImageDecoder.Decode(File.ReadAllBytes(file), ImageLimits.Default).Pixels.ToArray();

            // WebP of quality 90 loses up to 4.2 of 255 on average, and other versions of librsvg and FreeType may smooth edges otherwise.
            var difference = 0L;
            for (var i = 0; i < drawn.Length; i++) difference += Math.Abs(drawn[i] - stored[i]);
            Assert.True(difference < 6 * drawn.Length, file);
        }
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
    [InlineData("samples", "*.png", 500_000)]
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
