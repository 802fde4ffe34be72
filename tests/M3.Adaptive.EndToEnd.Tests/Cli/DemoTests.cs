using System.Text.Json;
using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.EndToEnd.Tests.Service;
using M3.Adaptive.TestKit.Serving.Pictures;

namespace M3.Adaptive.EndToEnd.Tests.Cli;

/// <summary>The demonstration's own arithmetic, on a model that knows nothing and questions made here.</summary>
[Collection(ServiceCollection.Name)]
public sealed class DemoTests(RunningService service) : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("m3-demo-");

    public void Dispose() => _data.Delete(recursive: true);

    [Fact]
    public async Task Demo_QuestionsOfTwoFamilies_AsksThemInTurnAndAddsUp()
    {
        Write(("a", "colour"), ("b", "colour"), ("c", "colour"), ("d", "sign"));

        var ended = await RunAsync("--count", "2");

        Assert.Equal(0, ended.ExitCode);
        var report = ended.Json;
        var requests = report["requests"]?.AsArray() ?? [];
        Assert.Equal(["what is a", "what is d"], requests.Select(request => (string?)request?["question"]));
        Assert.All(requests, request =>
        {
            Assert.Equal(("picture.png", "no answer of this model"), ((string?)request?["image"], (string?)request?["expected"]));
            Assert.False((bool?)request?["correct"]);
            Assert.Equal(144, (int?)Assert.Single(request?["path"]?.AsArray() ?? [])?["scale"]);
            Assert.Equal(144, (int?)request?["chargedVisualTokens"]);
        });
        Assert.Equal(
            [0.0, 0.0, 0.0, 0.25],
            ((string[])["accuracy", "accuracyFinest", "accuracyCoarsest", "visualTokenShare"]).Select(key => (double?)report[key]));
    }

    [Fact]
    public async Task Demo_Always_ComparesWithEveryFixedScale()
    {
        Write(("a", "colour"));

        var ended = await RunAsync();

        var fixedScales = ended.Json["fixed"]?.AsObject();
        Assert.Equal(["1", "9", "36", "144", "576"], fixedScales?.Select(entry => entry.Key));
        Assert.All(fixedScales ?? [], entry => Assert.Equal(0.0, (double?)entry.Value));
    }

    [Fact]
    public async Task Demo_ForPeople_FitsSixtyColumns()
    {
        Write(("a rather long question about a picture that goes on and on", "colour"));

        var ended = await Finished.DotNetAsync(BuiltProgram.Cli, "demo", "--model", service.ModelFolder, "--data", _data.FullName);

        Assert.Equal(0, ended.ExitCode);
        // This model says anything, letters without width included: the rules are as wide as the rows.
        Assert.All(ended.Output.Split('\n').Where(line => line.All(letter => letter is '\u2500' or (>= ' ' and <= '~'))), line => Assert.True(line.Length <= 60, line));
        Assert.All((string[])["automatic", "always 1 ", "always 9 ", "always 36 ", "always 144 ", "always 576 "], row => Assert.Contains(row, ended.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Demo_LineThatIsNoQuestion_NamesFileAndLine()
    {
        File.WriteAllText(Path.Combine(_data.FullName, "questions.jsonl"), "{\"image\": \"x.png\"}\n");

        var ended = await RunAsync();

        Assert.Equal((2, ""), (ended.ExitCode, ended.Output));
        Assert.Contains("questions.jsonl:1", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Demo_FolderWithoutQuestions_SaysWhatIsMissing()
    {
        var ended = await RunAsync();

        Assert.Equal((2, ""), (ended.ExitCode, ended.Output));
        Assert.Contains("--data", ended.Error, StringComparison.Ordinal);
    }

    private Task<Finished> RunAsync(params string[] arguments) =>
        Finished.DotNetAsync([BuiltProgram.Cli, "demo", "--model", service.ModelFolder, "--data", _data.FullName, "--json", .. arguments]);

    private void Write(params (string What, string Family)[] questions)
    {
        File.WriteAllBytes(Path.Combine(_data.FullName, "picture.png"), PlainPicture.Png(0, 0, 255));
        File.WriteAllLines(
            Path.Combine(_data.FullName, "questions.jsonl"),
            questions.Select((question, index) => JsonSerializer.Serialize(new
            {
                question_id = index,
                image = "picture.png",
                text = $"what is {question.What}",
                answers = (string[])["no answer of this model"],
                category = question.Family,
            })));
    }
}
