using M3.Adaptive.CommandLine;
using M3.Adaptive.TestKit.Files;
using M3.Adaptive.Training.DataGeneration;
using M3.Adaptive.Training.DataGeneration.Strange;
using M3.Adaptive.Training.OracleLabelling;
using Xunit;

namespace M3.Adaptive.Training.Tests.DataGeneration.Strange;

public sealed class StrangeSetsTests
{
    [Theory]
    [InlineData("background", "what color is the background", "green", "tell me the hue everything got painted upon")]
    [InlineData("object at", "what is at the top left?", "fox", "which item occupies the top left area")]
    [InlineData("where", "where is the red apple", "top", "whereabouts would one spot the red apple")]
    [InlineData("exists", "is there an owl", "yes", "any owl around here")]
    [InlineData("count", "how many times is the bell shown", "2", "tally of bell please")]
    [InlineData("count", "count the bars", "3", "columns plotted altogether")]
    [InlineData("sign", "read the brown sign", "124", "transcribe the brown plate")]
    [InlineData("receipt", "what price has milk?", "63", "milk goes for how much money")]
    [InlineData("receipt", "what costs 38", "milk", "38 coins get me which product")]
    [InlineData("bars", "what color is the highest bar", "blue", "which column towers over all others")]
    [InlineData("bars", "how much is the red bar?", "72", "give me the figure for the red column")]
    [InlineData("bars", "which bar stands at 26?", "cyan", "26 would be the figure of which column")]
    public void Of_GeneratedQuestion_AsksTheSameInOtherWords(string family, string text, string answer, string expected)
    {
        var reworded = OtherWordings.Of(new("7", "a.png", text, [answer], family), choice: 0);

        Assert.Equal(("7", "a.png", expected, answer, family), (reworded?.Id, reworded?.Image, reworded?.Text, reworded?.Answers[0], reworded?.Category));
    }

    [Fact]
    public void Of_NameThatIsNoneOfOurs_IsNoQuestion() => Assert.Null(OtherWordings.Of(new("7", "a.png", "where is the qwertyuiop", ["top"], "where"), 0));

    [Fact]
    public void Wordings_OfTheCommittedLabels_AreInNoSplit()
    {
        var labels = Path.Combine(ShippedModel.Folder, "labels");
        HashSet<string> Questions(string split) => [.. LabelFile.Load(Path.Combine(labels, LabelFile.NameOf(split))).Items.Select(item => item.Question)];

        Assert.Empty(Questions("wordings").Intersect(new[] { "routing", "calibration", "test" }.SelectMany(Questions)));
    }

    [Fact]
    public void Make_SameNumber_IsTheSamePictureAndOthersDiffer()
    {
        byte[] Picture(ulong seed, int number) => new OddPictures(seed).Make(number).Picture;

        Assert.Equal(Picture(1, 5), Picture(1, 5));
        Assert.NotEqual(Picture(1, 5), Picture(1, 8));
        Assert.NotEqual(Picture(1, 5), Picture(2, 5));
    }

    [Theory]
    [InlineData("wordings")]
    [InlineData("pictures")]
    public async Task Strange_EitherKind_IsASetThatCanBeRead(string kind)
    {
        using var folder = new TemporaryFolder();
        var set = folder.Combine("set");

        Assert.Equal(0, await TrainingCommand.RunAsync(["data", "strange", kind, set, "--count", "6"]));

        var written = QuestionSet.Read(set);
        Assert.Equal(6, written.ByImage().Count());
        Assert.All(written.Questions, question => Assert.Contains(question.Category, Families.All));
    }
}
