using M3.Adaptive.Core;
using M3.Adaptive.Predictor.Features;
using M3.Adaptive.Predictor.Tests.Doubles;
using Xunit;

namespace M3.Adaptive.Predictor.Tests.Features;

public sealed class PredictorFeaturesTests
{
    private static readonly ImageEvidence Image = CommittedPredictor.Evidence(seed: 1);

    [Fact]
    public void Of_SameInput_IsTheSame() =>
        Assert.Equal(Features(Image, "what is the price of milk"), Features(Image, "what is the price of milk"));

    [Fact]
    public void Of_CaseAndOuterSpaces_DoNotMatter() =>
        Assert.Equal(Features(Image, "What is THIS"), Features(Image, "  what is this "));

    [Theory]
    [InlineData("what is the price of milk", "what is the price of bread")]
    [InlineData("where is the cat", "where is the dog")]
    [InlineData("how many cats", "how much cats")]
    public void Of_OtherQuestion_Differs(string one, string two) => Assert.NotEqual(Features(Image, one), Features(Image, two));

    [Fact]
    public void Of_OtherImage_Differs() =>
        Assert.NotEqual(PredictorFeatures.OfImage(Image), PredictorFeatures.OfImage(CommittedPredictor.Evidence(seed: 2)));

    [Fact]
    public void OfImage_Residuals_ComeFirstAndAsDifferences()
    {
        var features = PredictorFeatures.OfImage(new ImageEvidence([0.875f, 0.75f, 0.5f, 0.25f, 0], new float[9], 1));

        Assert.Equal([0.875f, 0.75f, 0.5f, 0.25f, 0.125f, 0.25f, 0.25f, 0.25f], features[..8]);
    }

    [Fact]
    public void OfImage_CellEnergies_AreInPlace()
    {
        var grid = new float[9 * 4];
        grid.AsSpan(5 * 4, 4).Fill(2);

        var features = PredictorFeatures.OfImage(new ImageEvidence(new float[5], grid, 4));

        Assert.Equal([0f, 0, 0, 0, 0, 2, 0, 0, 0], features[8..17]);
    }

    [Theory]
    [InlineData("where is the cat", 2)]
    [InlineData("How many cats are there?", 3)]
    [InlineData("whatever", -1)]
    public void Of_Opener_SetsItsFlagAlone(string question, int opener)
    {
        var flags = Features(Image, question)[(PredictorFeatures.ImageCount + 4)..(PredictorFeatures.ImageCount + 11)];

        Assert.Equal(Enumerable.Range(0, 7).Select(i => i == opener ? 1f : 0f), flags);
    }

    // Recorded values: a stored predictor is worthless once these change, so PredictorFeatures.Version has to change with them.
    [Fact]
    public void Of_Version1_IsWhatItWas()
    {
        float[] grid = [.. Enumerable.Range(0, 36).Select(i => (i % 7 - 3) / 4f)];

        var features = Features(new ImageEvidence([0.9f, 0.7f, 0.4f, 0.2f, 0], grid, 4), "what is the price of the \"red apple\" 2");

        Assert.Equal(1, PredictorFeatures.Version);
        Assert.Equal(1529944724u, StableHash.Of(HalfPrecision.Encode(features)));
    }

    [Fact]
    public void Of_EmptyAndOddQuestions_AreFinite()
    {
        foreach (var question in new[] { "", "?", "日本語の質問", new string('x', 4096), "\0\n\t" })
            Assert.All(Features(Image, question), value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void OfImage_HugeValues_StayFinite() =>
        Assert.All(
            PredictorFeatures.OfImage(new ImageEvidence(new float[5], [.. Enumerable.Repeat(1e30f, 9)], 1)), value => Assert.True(float.IsFinite(value)));

    [Theory]
    [InlineData(4, 9, 1)]
    [InlineData(5, 8, 1)]
    [InlineData(5, 9, 2)]
    public void OfImage_WrongShape_IsRefused(int residuals, int values, int width) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PredictorFeatures.OfImage(new ImageEvidence(new float[residuals], new float[values], width)));

    [Fact]
    public void Encode_ThenDecode_GivesTheFeaturesBack()
    {
        var features = PredictorFeatures.OfImage(Image);

        Assert.Equal(features, HalfPrecision.Decode(HalfPrecision.Encode(features), features.Length));
    }

    [Fact]
    public void Names_OfTheFeatures_AreOneForEach() => Assert.Equal(PredictorFeatures.Count, PredictorFeatures.Names.Distinct().Count());

    private static float[] Features(ImageEvidence image, string question) => PredictorFeatures.Of(PredictorFeatures.OfImage(image), question);
}
