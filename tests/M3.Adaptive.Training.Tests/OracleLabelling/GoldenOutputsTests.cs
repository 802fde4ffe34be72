using M3.Adaptive.CommandLine;
using M3.Adaptive.Core;
using M3.Adaptive.TestKit;
using M3.Adaptive.Training.OracleLabelling;
using Xunit;

namespace M3.Adaptive.Training.Tests.OracleLabelling;

/// <summary>What m3-nano's card says it answers about the sample pictures is what it answers.</summary>
public sealed class GoldenOutputsTests
{
    [Fact]
    public async Task Card_GoldenOutputs_AreTheModelsAnswers()
    {
        var model = Path.Combine(RepositoryRoot.Path, "models", "m3-nano");
        var golden = File.ReadLines(Path.Combine(model, "README.md"))
            .Where(line => line.StartsWith('|'))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..^1])
            .Where(cells => cells.Length == 2 + VisualScale.All.Count && cells[0].EndsWith(".png", StringComparison.Ordinal))
            .ToDictionary(cells => (Image: cells[0], Question: cells[1]), cells => cells[2..]);
        var journals = Directory.CreateTempSubdirectory("m3-golden-").FullName;
        using var run = LadderRun.Open(model, QuestionSet.Read(Path.Combine(model, "samples")), "samples", journals);

        var table = await run.RunAsync(CancellationToken.None);
        run.Finish();
        Directory.Delete(journals, recursive: true);

        var answers = table.Items.ToLookup(item => (item.Image, item.Question), item => item.Outcomes.Select(outcome => outcome.Answer));
        Assert.Equal(10, golden.Count);
        Assert.All(golden, row => Assert.Equal(row.Value, Assert.Single(answers[row.Key])));
    }
}
