using M3.Adaptive.Core;
using M3.Adaptive.Predictor.Features;
using M3.Adaptive.Predictor.Tests.Doubles;
using Xunit;

namespace M3.Adaptive.Predictor.Tests;

public sealed class TrainedPredictorTests
{
    private const string Question = "where is the fox";

    private static readonly TrainedPredictor Predictor = CommittedPredictor.Load(CommittedPredictor.Folder);

    private static readonly ScalePrediction Prior = Predict(Question);

    [Fact]
    public void TryPredict_AnyRequest_GivesProbabilities()
    {
        Assert.Equal(5, Prior.Success.Length);
        Assert.All([.. Prior.Success, .. Prior.Reported], value => Assert.InRange(value, 0, 1));
        Assert.Equal(HeadFeatures.Version, Prior.FeatureVersion);
    }

    [Fact]
    public void AfterRun_AnyScale_KnowsThatScaleAndFinerOnes()
    {
        foreach (var scale in VisualScale.All)
        {
            var forecast = Predictor.AfterRun(Prior, Question, scale, Answer("top left", sure: true));

            Assert.All(forecast.Success[..scale.Rung], value => Assert.True(float.IsNaN(value)));
            Assert.All(forecast.Success[scale.Rung..], value => Assert.InRange(value, 0, 1));
            Assert.Equal(forecast.Success.Select(float.IsNaN), forecast.Reported.Select(float.IsNaN));
        }
    }

    [Fact]
    public void AfterRun_SureAnswer_IsTrustedMoreThanAnUnsureOne()
    {
        var (sure, unsure) = (Confidence("top left", sure: true), Confidence("top left", sure: false));

        Assert.True(sure > 0.9 && unsure < 0.6, $"{sure} {unsure}");

        static float Confidence(string text, bool sure) => Predictor.AfterRun(Prior, Question, VisualScale.Of(9), Answer(text, sure)).At(VisualScale.Of(9));
    }

    [Fact]
    public void AfterRun_AnswerStillGrowing_IsJudgedByItsFirstToken()
    {
        var answer = Answer("top left", sure: true);

        var growing = Predictor.AfterRun(Prior, Question, VisualScale.Of(9), answer[..1]);
        var first = Predictor.AfterRun(Prior, Question, VisualScale.Of(9), AnswerEvidence.Of(answer).FirstTokenOnly(), "");

        Assert.Equal(first.Success, growing.Success);
    }

    [Fact]
    public void AfterRun_MeaninglessQuestion_IsUnfamiliarAndReportedAsLessSure()
    {
        const string Nonsense = "zorbl quimfy of vext on plimdrake";

        var forecast = Predictor.AfterRun(Predict(Nonsense), Nonsense, VisualScale.Of(144), Answer("top left", sure: true));

        Assert.True(forecast.Unfamiliar);
        Assert.True(forecast.Reported[3] < forecast.Success[3], $"{forecast.Reported[3]} {forecast.Success[3]}");
    }

    [Fact]
    public void AfterRun_AnswerOfAnotherKind_IsStrangerThanOneThatFits()
    {
        var (fits, odd) = (Strangeness("top left"), Strangeness("87"));

        Assert.True(odd > fits, $"{odd} {fits}");

        static float Strangeness(string text) => Predictor.AfterRun(Prior, Question, VisualScale.Of(36), Answer(text, sure: true)).Unfamiliarity;
    }

    [Fact]
    public void AfterRun_PriorOfAnotherPredictor_IsRefused() =>
        Assert.Throws<ArgumentException>(() => Predictor.AfterRun(new ScalePrediction(new float[5], [1, 2, 3]), Question, VisualScale.Of(9), Answer("a", sure: true)));

    private static ScalePrediction Predict(string question) => Predictor.TryPredict(CommittedPredictor.Evidence(seed: 1), question, out var prediction)
        ? prediction
        : throw new InvalidOperationException("no prediction");

    private static TokenEvidence[] Answer(string text, bool sure)
    {
        var (log, margin, entropy) = sure ? (-0.001f, 9f, 0.01f) : (-1.2f, 0.4f, 1.6f);
        return
        [
            new TokenEvidence(1, text, log, margin, entropy, FinishReason.None, Cost.Zero),
            new TokenEvidence(2, "", log, margin, entropy, FinishReason.EndOfSequence, Cost.Zero),
        ];
    }
}
