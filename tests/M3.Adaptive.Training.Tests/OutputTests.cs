using M3.Adaptive.TestKit;
using M3.Adaptive.TestKit.Files;
using Xunit;

namespace M3.Adaptive.Training.Tests;

/// <summary>Commands that write a folder refuse one that holds something else, before they work.</summary>
public sealed class OutputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("eval", "--out")]
    [InlineData("train", "export", "--smoke", "--out")]
    [InlineData("train", "--out")]
    [InlineData("predictor", "train", "--out")]
    [InlineData("predictor", "eval", "--out")]
    [InlineData("data", "samples")]
    [InlineData("data", "export")]
    public async Task Run_FolderWithADocument_IsWrongInputAndLeftAsItIs(params string[] command)
    {
        File.WriteAllText(_folder.Combine("thesis.txt"), "years of work");
        File.WriteAllText(_folder.Combine("report.html"), "my own page");

        Assert.Equal(2, await TrainingCommand.RunAsync([.. command, _folder.Path]));

        Assert.Equal(["report.html", "thesis.txt"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order());
        Assert.Equal("my own page", File.ReadAllText(_folder.Combine("report.html")));
    }

    [Theory]
    [InlineData("eval")]
    [InlineData("predictor", "eval")]
    public async Task Eval_FolderWithAnotherReportPage_IsWrongInput(params string[] command)
    {
        File.WriteAllText(_folder.Combine("report.html"), "my own page");

        Assert.Equal(2, await TrainingCommand.RunAsync([.. command, "--out", _folder.Path]));
    }

    [Fact]
    public async Task Label_TableThatIsNone_IsWrongInputAndLeftAsItIs()
    {
        File.WriteAllText(_folder.Combine("mine.jsonl.gz"), "years of work");
        var samples = Path.Combine(RepositoryRoot.Path, "models", "m3-nano", "samples");

        Assert.Equal(2, await TrainingCommand.RunAsync(["label", "--data", samples, "--split", "mine", "--out", _folder.Path]));

        Assert.Equal("years of work", File.ReadAllText(_folder.Combine("mine.jsonl.gz")));
    }
}
