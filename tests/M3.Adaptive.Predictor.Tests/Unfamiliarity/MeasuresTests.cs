using M3.Adaptive.Predictor.Unfamiliarity;
using Xunit;

namespace M3.Adaptive.Predictor.Tests.Unfamiliarity;

public sealed class MeasuresTests
{
    private static readonly string[] Questions =
        [.. Enumerable.Range(0, 40).SelectMany(i => new[] { $"what is the price of item{i % 4}", "where is the cat", "is there a dog", "what costs 37" })];

    [Theory]
    [InlineData(2, 0)]
    [InlineData(4, 0)]
    [InlineData(6, 1)]
    [InlineData(5, 0.5)]
    [InlineData(100, 3)]
    [InlineData(float.NegativeInfinity, 0)]
    public void Range_AnyValue_IsScaledAndBounded(float raw, float expected) => Assert.Equal(expected, new UsualRange(4, 6).Of(raw));

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1.5, 3)]
    public void Range_AllAlike_AnythingBeyondIsStrange(float raw, float expected) => Assert.Equal(expected, new UsualRange(1, 1).Of(raw));

    [Fact]
    public void Picture_CorrelatedFeatures_FarOffTheirLineIsFarther()
    {
        var random = new Random(1);
        float[][] pictures = [.. Enumerable.Range(0, 500).Select(_ => (float)random.NextDouble()).Select(x => new[] { x, 10 * x + (float)random.NextDouble() * 0.5f, 7 })];
        var distance = PictureDistance.Fit(pictures);

        Assert.True(distance.Of([0.5f, 5.25f, 7]) < 0.5, $"{distance.Of([0.5f, 5.25f, 7])}");
        Assert.True(distance.Of([0.2f, 8, 7]) > 3 * distance.Of([1, 10, 7]));  // each value is usual, both together are not
        Assert.Equal(1.2, pictures.Average(picture => distance.Of(picture)), 0.3);    // two of the three features vary
    }

    [Fact]
    public void Wording_OrderOfWords_Matters()
    {
        var surprise = WordSurprise.Fit(Questions);

        var (usual, shuffled, strange) = (surprise.Of("where is the cat"), surprise.Of("cat the is where"), surprise.Of("colourless green ideas sleep"));

        Assert.True(usual < 1 && shuffled > 2 * usual && strange > 2 * usual, $"{usual} {shuffled} {strange}");
    }

    [Theory]
    [InlineData("what costs 37", "what costs 52")]
    [InlineData("Where is the CAT?", "where is the cat")]
    public void Wording_DigitsAndCase_DoNotMatter(string one, string other)
    {
        var surprise = WordSurprise.Fit(Questions);

        Assert.Equal(surprise.Of(one), surprise.Of(other));
    }

    [Fact]
    public void Wording_AnyQuestion_ProbabilitiesAreProper()
    {
        var surprise = WordSurprise.Fit(Questions);

        foreach (var question in new[] { "", "?", "\0", "where", new string('x', 4096), "日本語" })
            Assert.True(surprise.Of(question) is > 0 and < 100, question);
    }

    [Theory]
    [InlineData("cherries", 1)]
    [InlineData("cherry", 6)]
    [InlineData("Cherries cherry", 3.5)]
    [InlineData("", 0)]
    [InlineData("stand", 3)]                                                  // s, t, and
    public void Spelling_Words_CountsPieces(string question, float expected) =>
        Assert.Equal(expected, WordPieces.Of(["▁cherries", "▁", "c", "and", "▁the", "<0x41>"]).Of(question));

    [Fact]
    public void Answer_KindThatFits_IsNotStrange()
    {
        var fit = AnswerFit.Fit([.. Questions.Select(question => (question, question[0] == 'i' ? "yes" : question.Contains("where") ? "top left" : "42"))]);

        Assert.Equal(0, fit.Of("where is the dog", "top left"));
        Assert.Equal(0, fit.Of("is there a dog", "YES "));
        Assert.Equal(0, fit.Of("what costs 99", "17"));                       // another number of the same length
        Assert.True(fit.Of("where is the dog", "42") > 3);
        Assert.True(fit.Of("is there a dog", "unheard of") > 3);
        Assert.Equal(0, fit.Of("quite unheard of", "42"));                    // no word says anything: the commonest kind
    }
}
