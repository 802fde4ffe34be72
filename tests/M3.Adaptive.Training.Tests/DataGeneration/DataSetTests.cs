using System.Security.Cryptography;
using System.Text.Json;
using M3.Adaptive.Model.Imaging;
using M3.Adaptive.Training.DataGeneration;
using Xunit;

namespace M3.Adaptive.Training.Tests.DataGeneration;

public sealed class DataSetTests : IDisposable
{
    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("m3-data-").FullName, "set");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true); // the folder has a parent: made above

    [Theory]
    [InlineData("Png", ".png")]
    [InlineData("Webp", ".webp")]
    public async Task Export_ThenRead_GivesThePicturesAndQuestionsBack(string format, string extension)
    {
        var code = await Run("export", _folder, "--count", "6", "--seed", "5", "--format", format);

        Assert.Equal(0, code);
        var lines = ReadQuestions();
        Assert.Equal(6, lines.Select(line => line.GetProperty("image").GetString()).Distinct().Count());
        Assert.Equal(Enumerable.Range(0, lines.Count), lines.Select(line => line.GetProperty("question_id").GetInt32()));
        var generator = TestData.Generator(Split.Test, seed: 5);
        for (var i = 0; i < 6; i++)
        {
            var scene = generator.QuestionScene(i);
            var image = $"{i:D5}{extension}";
            var stored = ImageDecoder.Decode(File.ReadAllBytes(Path.Combine(_folder, image)), ImageLimits.Default);
            var drawn = TestData.Drawn(scene);
            Assert.Equal((drawn.Width, drawn.Height), (stored.Width, stored.Height));
            Assert.Equal(drawn.Pixels, stored.Pixels);
            Assert.All(lines.Where(line => line.GetProperty("image").GetString() == image), line => Assert.Contains(scene.Questions, question =>
                question.Text == line.GetProperty("text").GetString()
                && question.Answer == Assert.Single(line.GetProperty("answers").EnumerateArray()).GetString()
                && question.Family == line.GetProperty("category").GetString()
                && question.New.Axes().SequenceEqual(line.GetProperty("axes").EnumerateArray().Select(axis => axis.GetString()))));
        }
        var manifest = DataSetManifest.Read(_folder);
        Assert.Equal((DataSetManifest.ThisGenerator, "test", 5UL, 6, lines.Count, DataSetManifest.HashOf(_folder)),
            (manifest.Generator, manifest.Split, manifest.Seed, manifest.Pictures, manifest.Questions, manifest.Data));
        Assert.Contains("CC-BY-4.0", File.ReadAllText(Path.Combine(_folder, Attribution.FileName)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_OneStyle_DrawsAndNamesNoOther()
    {
        Assert.Equal(0, await Run("export", _folder, "--count", "2", "--style", "@iconify-json/twemoji"));

        var text = File.ReadAllText(Path.Combine(_folder, Attribution.FileName));
        Assert.Contains("@iconify-json/twemoji", text, StringComparison.Ordinal);
        Assert.DoesNotContain("@iconify-json/noto", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_UnknownStyle_IsWrongUseAndLeavesNothing()
    {
        Assert.Equal(2, await Run("export", _folder, "--count", "2", "--style", "@iconify-json/absent"));

        Assert.Empty(Directory.GetParent(_folder)!.EnumerateFileSystemInfos()); // the parent was made above
    }

    [Fact]
    public async Task Export_FolderInUse_IsWrongUseAndKeepsItsFiles()
    {
        Directory.CreateDirectory(_folder);
        File.WriteAllText(Path.Combine(_folder, "note.txt"), "mine");

        Assert.Equal(2, await Run("export", _folder, "--count", "2"));

        Assert.Equal("mine", File.ReadAllText(Path.Combine(_folder, "note.txt")));
    }

    [Fact]
    public void Writer_NotCompleted_LeavesNothing()
    {
        using (var writer = new DataSetWriter(_folder, PictureFormat.Png, "", Split.Train, seed: 1))
        {
            var scene = TestData.Generator().QuestionScene(0);
            writer.Add("one", scene, scene.Questions);
        }

        Assert.Empty(Directory.GetParent(_folder)!.EnumerateFileSystemInfos()); // the parent was made above
    }

    [Theory]
    [InlineData("show 0")]
    [InlineData("show many")]
    [InlineData("show 2 --split nowhere")]
    [InlineData("show 2 --kind poster")]
    [InlineData("export")]
    [InlineData("export folder --count 0")]
    [InlineData("export folder --questions 0")]
    [InlineData("export folder --format webp --quality 101")]
    public async Task Run_WrongUse_EndsWithTwo(string line) => Assert.Equal(2, await Run(line.Split(' ')));

    [Fact]
    public async Task Show_SomePictures_WritesAPngThatHoldsThem()
    {
        var file = _folder + ".png";

        Assert.Equal(0, await Run("show", "5", "--out", file));

        var sheet = ImageDecoder.Decode(File.ReadAllBytes(file), ImageLimits.Default);
        Assert.Equal(4 * (288 + 12) + 12, sheet.Width);
        var first = TestData.Pixels(TestData.Generator().QuestionScene(0));
        Assert.Equal(first[..(288 * 3)], sheet.Pixels.Slice((12 * sheet.Width + 12) * 3, 288 * 3).ToArray());
    }

    [Fact]
    public async Task Samples_AllWishes_AreTenPicturesWithMilkOnTheReceipt()
    {
        Assert.Equal(0, await Run("samples", _folder));

        var lines = ReadQuestions();
        var images = lines.Select(line => line.GetProperty("image").GetString()!).Distinct().ToList();
        Assert.Equal((10, 10), (images.Count, images.Select(image => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Path.Combine(_folder, image))))).Distinct().Count()));
        Assert.Single(lines, line => line.GetProperty("image").GetString() == "receipt.png"
            && line.GetProperty("text").GetString() == "what is the price of milk");
    }

    private static Task<int> Run(params string[] arguments) => TrainingCommand.RunAsync(["data", .. arguments]);

    private List<JsonElement> ReadQuestions() =>
        [.. File.ReadLines(Path.Combine(_folder, DataSetWriter.QuestionsFile)).Select(line => JsonElement.Parse(line))];
}
