using M3.Adaptive.Training.DataGeneration;
using M3.Adaptive.Training.ModelTraining;
using Xunit;

namespace M3.Adaptive.Training.Tests.ModelTraining;

public sealed class WordNoiseTests
{
    private static readonly Question Asked = new(Families.Where, "Could you please tell me in which place the helicopters are?", "top left", 9) { About = "helicopter" };

    [Fact]
    public void Disturb_AnyDraw_KeepsWhatIsAskedAbout()
    {
        var disturbed = Draws(Asked);

        Assert.All(disturbed, text => Assert.Contains("helicopters", text.Split(' ')));
        Assert.True(disturbed.Distinct().Count() > 150);
        Assert.Contains(disturbed, text => text.Split(' ').Length < 11);
        Assert.Contains(disturbed, text => text.Split(' ').Length > 11);
    }

    [Theory]
    [InlineData("what costs 38", "38", "38")]
    [InlineData("how much is the Cwo7i", "cwo7i", "Cwo7i")]
    [InlineData("how many butterflies are there", "butterfly", "butterflies")]
    [InlineData("what is in the upper left corner", "top left", "upper")]
    public void Disturb_NumbersCodesAndOtherNames_AreKept(string text, string about, string kept) =>
        Assert.All(Draws(Asked with { Text = text, About = about }), disturbed => Assert.Contains(kept, disturbed, StringComparison.Ordinal));

    [Fact]
    public void Disturb_NothingInParticular_LeavesAWord() =>
        Assert.All(Draws(Asked with { Text = "background?", About = "" }), text => Assert.NotEqual("", text));

    [Fact]
    public void Disturb_SameSeed_GivesTheSame() => Assert.Equal(Draws(Asked), Draws(Asked));

    private static string[] Draws(Question question) =>
        [.. Enumerable.Range(0, 200).Select(i => WordNoise.Disturb(question, SeededRandom.For(1, 2, i)))];
}
