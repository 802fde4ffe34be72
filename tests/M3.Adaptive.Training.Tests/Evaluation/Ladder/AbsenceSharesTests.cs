using M3.Adaptive.CommandLine;
using M3.Adaptive.Training.Evaluation.Ladder;
using M3.Adaptive.Training.OracleLabelling;
using Xunit;

namespace M3.Adaptive.Training.Tests.Evaluation.Ladder;

public sealed class AbsenceSharesTests
{
    [Fact]
    public void Of_AnswersOfBothKinds_AreCountedApart()
    {
        LabelItem[] items = [Item("1", "not there"), Item("2", "red"), Item("3", "Not There"), Item("4", "blue"), Item("5", "blue")];

        var shares = AbsenceShares.Of(items, Set("not there", "not there", "blue", "blue", "blue"));

        Assert.NotNull(shares);
        Assert.Equal(new AbsenceShares(0.5, 1 / 3.0), shares["576"]);
    }

    [Fact]
    public void Of_DataThatAsksForWhatIsThere_SaysNothing() => Assert.Null(AbsenceShares.Of([Item("1", "red")], Set("red")));

    private static QuestionSet Set(params string[] answers) =>
        new("folder", [.. answers.Index().Select(answer => new Question($"{answer.Index + 1}", "a.png", "what?", [answer.Item]))]);

    private static LabelItem Item(string id, string answer) => new(id, "a.png", "what?", "sign", Outcomes.Of("11111", answer));
}
