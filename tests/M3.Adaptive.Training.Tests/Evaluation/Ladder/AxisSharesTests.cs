using System.Text.Json;
using M3.Adaptive.CommandLine;
using M3.Adaptive.Training.Evaluation.Ladder;
using M3.Adaptive.Training.OracleLabelling;
using Xunit;

namespace M3.Adaptive.Training.Tests.Evaluation.Ladder;

public sealed class AxisSharesTests
{
    private static readonly LabelItem[] Items = [Item("1", "00001"), Item("2", "00011"), Item("3", "11111")];

    [Fact]
    public void Of_QuestionsNewInTwoWays_CountInBoth()
    {
        var shares = AxisShares.Of(Items, Set(["new words", "new wordings"], ["new words"], ["in distribution"]));

        Assert.NotNull(shares);
        Assert.Equal(["in distribution", "new wordings", "new words"], shares.Keys);
        Assert.Equal((0.5, 1.0, 2.0), (shares["new words"]["144"], shares["new words"]["576"], shares["new words"]["items"]));
        Assert.Equal((0.0, 1.0), (shares["new wordings"]["144"], shares["new wordings"]["items"]));
    }

    [Fact]
    public void Of_DataWithoutAxes_IsLeftOutOfTheReport()
    {
        var shares = AxisShares.Of(Items, Set(null, null, null));

        Assert.Null(shares);
        Assert.DoesNotContain("axes", JsonSerializer.Serialize(LadderReport.Of(Items) with { Axes = shares }, JsonSerializerOptions.Web));
    }

    private static QuestionSet Set(params string[]?[] axes) =>
        new("folder", [.. axes.Index().Select(question => new Question($"{question.Index + 1}", "a.png", "what?", ["x"], "sign", question.Item))]);

    private static LabelItem Item(string id, string right) => new(id, "a.png", "what?", "sign", Outcomes.Of(right));
}
