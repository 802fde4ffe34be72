using M3.Adaptive.Predictor;
using M3.Adaptive.Predictor.Artifact;
using M3.Adaptive.Training.PredictorTraining;
using M3.Adaptive.Training.Replay;
using M3.Adaptive.Training.Tests.OracleLabelling;
using Xunit;

namespace M3.Adaptive.Training.Tests.PredictorTraining;

public sealed class PriceFitterTests
{
    private static readonly FittedPrices Prices = Trained.Artifact.Prices() ?? throw new InvalidOperationException("no prices");

    [Fact]
    public void Aside_AnyTable_PartsPicturesAndKeepsAThirdOfThem()
    {
        var table = SyntheticLabels.Make("calibration", 900, 2);

        var (aside, others) = (PicturesAside.Aside(table), PicturesAside.Others(table));

        Assert.Empty(aside.Items.Select(item => item.Image).Intersect(others.Items.Select(item => item.Image)));
        Assert.Equal(table.Items.Count, aside.Items.Count + others.Items.Count);
        Assert.InRange(aside.Items.Count / (double)table.Items.Count, 0.28, 0.39);
    }

    [Fact]
    public void Fit_LooserRisks_AreNeverDearer()
    {
        double[] prices = [.. Prices.Risks.Select(fit => fit.PricePerVisualToken ?? 0)];

        Assert.Equal(prices.Order(), prices);
        Assert.Contains(Prices.Risks, fit => fit.IsGuaranteed);
    }

    [Fact]
    public void Fit_GuaranteedRisk_HoldsOnNewPictures()
    {
        var test = Forecasts.Of(SyntheticLabels.Make("test", 1000, 3), Trained.Predictor);

        Assert.All(Prices.Table().Risks, promise =>
        {
            var replayed = Routed.All(test.Table, EpisodeRouter.AtPrice(test, promise.PricePerVisualToken));
            var loss = test.Table.Items.Average(item => item.Outcomes[4].Right ? 1.0 : 0) - replayed.Average(item => item.Right ? 1.0 : 0);
            Assert.True(loss <= promise.Risk, $"{promise}: {loss}");
        });
    }

    [Fact]
    public void Fit_TooFewQuestions_RefusesAndSaysHowManyAreNeeded()
    {
        var strict = Prices.Risks[0];

        Assert.Equal((0.0025, false, null), (strict.Risk, strict.IsGuaranteed, strict.PricePerVisualToken));
        Assert.True(strict.QuestionsNeeded > 400, $"{strict}");
        Assert.DoesNotContain(Prices.Table().Risks, promise => promise.Risk == strict.Risk);
    }

    [Theory]
    [InlineData(0.0125, null)]
    [InlineData(0.0001, "A risk of 0.0001 cannot be guaranteed with probability 0.9: about")]
    public void Fit_RiskThatIsRequired_IsInTheTableOrRefusedWithTheNumberNeeded(double risk, string? refusal)
    {
        var calibration = SyntheticLabels.Make("calibration", 2000, 2);

        var fault = Record.Exception(() =>
        {
            var fitted = PriceFitter.Fit(Trained.Artifact, SyntheticLabels.Model.Hash, calibration, Trained.Options with { RequiredRisks = [risk] });
            Assert.Contains(fitted.Table().Risks, promise => promise.Risk == risk);
        });

        if (refusal is null) Assert.Null(fault);
        else Assert.Contains(refusal, Assert.IsType<PredictorException>(fault).Message);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(58)]
    [InlineData(200)]
    public void Fit_Target_IsSpentOnNewPicturesAndNotExceeded(double target)
    {
        var table = Forecasts.Of(SyntheticLabels.Make("test", 300, 3), Trained.Predictor);
        var fitted = Prices.Table().ForTarget(target) ?? throw new InvalidOperationException("no target");

        var spent = Routed.All(table.Table, EpisodeRouter.AtPrice(table, fitted.PricePerVisualToken)).Average(item => (double)item.Charged.VisualTokens);

        Assert.True(fitted.MeanVisualTokens <= target);
        Assert.Equal(fitted.MeanVisualTokens, spent, 0.25 * fitted.MeanVisualTokens + 3);
    }

    [Fact]
    public void Prices_OfAnotherPredictor_AreVoid()
    {
        var other = Trained.Train(seed: 2).With(Prices);

        var fault = Assert.Throws<PredictorException>(() => new TrainedPredictor(other, SyntheticLabels.Model.Hash));

        Assert.Contains("void", fault.Message);
    }
}
