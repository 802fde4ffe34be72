using M3.Adaptive.Core;
using M3.Adaptive.Predictor.Features;
using M3.Adaptive.Predictor.Tests.Doubles;
using Xunit;

namespace M3.Adaptive.Predictor.Tests.Features;

public sealed class HeadFeaturesTests
{
    private const int Text = 59 + 11;                                         // behind the question and the evidence

    private static readonly float[] Request = PredictorFeatures.Of(PredictorFeatures.OfImage(CommittedPredictor.Evidence(seed: 1)), "what is the price of milk");

    private static readonly AnswerEvidence Evidence = AnswerEvidence.Of(
    [
        new TokenEvidence(1, "3", -0.5f, 2, 0.25f, FinishReason.None, Cost.Zero),
        new TokenEvidence(2, "", -0.25f, 3, 0.125f, FinishReason.EndOfSequence, Cost.Zero),
    ]);

    [Fact]
    public void Prior_Always_IsThePlainPartOfThePictureAndTheQuestion() =>
        Assert.Equal([.. Request[..17], .. Request[49..]], HeadFeatures.Prior(Request));

    [Fact]
    public void After_WholeAnswer_IsQuestionEvidenceAndText()
    {
        var row = HeadFeatures.After(Request, Evidence, "37");

        Assert.Equal(89, row.Length);
        Assert.Equal(Request[49..], row[..59]);
        Assert.Equal(Evidence.Values.ToArray(), row[59..Text]);
        Assert.Equal([2f, 1, 37, 0, 0, 0, 0], row[Text..(Text + 7)]);
        Assert.Equal(1, row[(Text + 7)..].Sum());
    }

    [Fact]
    public void After_GrowingAnswer_DoesNotDependOnItsText() =>
        Assert.Equal(HeadFeatures.After(Request, Evidence.FirstTokenOnly(), "3"), HeadFeatures.After(Request, Evidence.FirstTokenOnly(), ""));

    [Theory]
    [InlineData("yes", new[] { 3f, 0, -1, 1, 1, 0, 0 })]
    [InlineData(" No ", new[] { 2f, 0, -1, 1, 0, 0, 0 })]
    [InlineData("top left", new[] { 8f, 0, -1, 0, 0, 1, 0 })]
    [InlineData("nothing", new[] { 7f, 0, -1, 0, 0, 0, 1 })]
    [InlineData("not there", new[] { 9f, 0, -1, 0, 0, 1, 1 })]
    [InlineData("", new[] { 0f, 0, -1, 0, 0, 0, 0 })]
    [InlineData("123456789012", new[] { 12f, 0, -1, 0, 0, 0, 0 })]
    public void After_Answer_IsDescribed(string answer, float[] expected) =>
        Assert.Equal(expected, HeadFeatures.After(Request, Evidence, answer)[Text..(Text + 7)]);

    // Recorded values: a stored predictor is worthless once these change, so HeadFeatures.Version has to change with them.
    [Fact]
    public void Rows_Version2_AreWhatTheyWere()
    {
        Assert.Equal(2, HeadFeatures.Version);
        Assert.Equal(528315930u, StableHash.Of(HalfPrecision.Encode(HeadFeatures.Prior(Request))));
        Assert.Equal(1950418186u, StableHash.Of(HalfPrecision.Encode(HeadFeatures.After(Request, Evidence, "top left"))));
    }
}
