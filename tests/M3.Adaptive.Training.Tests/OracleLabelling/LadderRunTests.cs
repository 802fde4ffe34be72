using M3.Adaptive.CommandLine;
using M3.Adaptive.TestKit;
using M3.Adaptive.TestKit.Serving.Checkpoints;
using M3.Adaptive.Training.OracleLabelling;
using Xunit;

namespace M3.Adaptive.Training.Tests.OracleLabelling;

/// <summary>A real, tiny model answers questions about three of the committed pictures.</summary>
public sealed class LadderRunTests : IDisposable
{
    private const int Pictures = 3;

    private readonly TinyCheckpoint _checkpoint = TinyCheckpoint.Create();
    private readonly string _folder = Directory.CreateTempSubdirectory("m3-ladder-").FullName;

    public LadderRunTests()
    {
        var samples = Path.Combine(RepositoryRoot.Path, "models", "m3-nano", "samples");
        var all = QuestionSet.Read(samples);
        var images = all.ByImage().Take(Pictures).Select(group => group.Key).ToArray();
        File.WriteAllLines(
            Path.Combine(_folder, "questions.jsonl"), File.ReadLines(Path.Combine(samples, "questions.jsonl")).Where(line => images.Any(image => line.Contains($"\"{image}\""))));
        foreach (var image in images) File.Copy(Path.Combine(samples, image), Path.Combine(_folder, image));
    }

    private QuestionSet Set => QuestionSet.Read(_folder);

    private string Journals => Path.Combine(_folder, "journals");

    public void Dispose()
    {
        _checkpoint.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Run_Killed_GoesOnAndAsksNothingTwice()
    {
        var whole = await RunAsync();
        var journal = Assert.Single(Directory.GetFiles(Journals));
        var lines = File.ReadAllLines(journal);
        Assert.Equal(1 + Pictures, lines.Length);
        File.WriteAllText(journal, $"{lines[0]}\n{lines[1]}\n{lines[2][..(lines[2].Length / 2)]}");

        var resumed = await RunAsync();

        Assert.Equal(whole.Items.Select(Answers), resumed.Items.Select(Answers));
        var kept = whole.Items.Zip(resumed.Items).Where(pair => Seconds(pair.First) == Seconds(pair.Second)).Select(pair => pair.First.Image).Distinct();
        Assert.Single(kept);
    }

    [Fact]
    public async Task Run_QuestionThatLeavesNoRoom_IsNamedBeforeAnythingIsAnswered()
    {
        var set = Set;
        var tooLong = set.Questions[^1] with { Id = "endless", Text = string.Join(' ', Enumerable.Repeat("why", 5000)) };
        using var run = LadderRun.Open(_checkpoint.Folder, set with { Questions = [.. set.Questions.SkipLast(1), tooLong] }, "test", Journals);

        var fault = await Assert.ThrowsAsync<CommandException>(() => run.RunAsync(CancellationToken.None));

        Assert.Equal(ExitCode.WrongUse, fault.Code);
        Assert.Contains("question_id endless", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Finished_LeavesNoJournal()
    {
        using var run = LadderRun.Open(_checkpoint.Folder, Set, "test", Journals);
        await run.RunAsync(CancellationToken.None);

        run.Finish();

        Assert.Empty(Directory.GetFiles(Journals));
    }

    [Fact]
    public async Task Run_BrokenPicture_IsNamed()
    {
        var picture = Set.Questions[0].Image;
        File.WriteAllText(Path.Combine(_folder, picture), "no picture");

        var exception = await Assert.ThrowsAsync<InvalidDataException>(RunAsync);

        Assert.StartsWith(picture, exception.Message);
    }

    private async Task<LabelTable> RunAsync()
    {
        using var run = LadderRun.Open(_checkpoint.Folder, Set, "test", Journals);
        return await run.RunAsync(CancellationToken.None);
    }

    private static string Answers(LabelItem item) => string.Join('|', [item.Id, .. item.Outcomes.Select(outcome => $"{outcome.Right} {outcome.Answer} {outcome.Charged.Flops:F0}")]);

    private static string Seconds(LabelItem item) => string.Join('|', item.Outcomes.Select(outcome => Math.Round(outcome.Charged.Seconds, 5)));      // as a journal keeps them
}
