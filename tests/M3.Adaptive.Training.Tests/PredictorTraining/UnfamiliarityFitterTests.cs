using M3.Adaptive.Core;
using M3.Adaptive.Training.OracleLabelling;
using M3.Adaptive.Training.PredictorTraining;
using M3.Adaptive.Training.Tests.OracleLabelling;
using Xunit;

namespace M3.Adaptive.Training.Tests.PredictorTraining;

public sealed class UnfamiliarityFitterTests
{
    private static readonly LabelTable Home = SyntheticLabels.Make("test", 200, 3);

    [Fact]
    public void Train_AnswersLikeTheLabels_AreSeldomFlaggedAndHardlyCorrected()
    {
        var forecasts = Home.Items.Select(item => Forecast(item, item.Question)).ToArray();

        Assert.InRange(forecasts.Average(forecast => forecast.Unfamiliar ? 1.0 : 0), 0, 0.04);
        Assert.Equal(forecasts.Average(forecast => forecast.Success[3]), forecasts.Average(forecast => forecast.Reported[3]), 0.05);
    }

    [Fact]
    public void Train_QuestionsOfAnotherKind_AreFlaggedMoreOftenAndReportedAsLessSure()
    {
        var forecasts = Home.Items.Select(item => Forecast(item, "ought one to plough before the second frost")).ToArray();

        var (flagged, success, reported) =
            (forecasts.Average(forecast => forecast.Unfamiliar ? 1.0 : 0), forecasts.Average(forecast => forecast.Success[3]), forecasts.Average(forecast => forecast.Reported[3]));
        Assert.True(flagged > 0.1 && reported < success - 0.3, $"{flagged} {success} {reported}");
    }

    [Fact]
    public void Strangers_SameSeed_AreTheSameAndKeepTheAnswer()
    {
        int[] items = [.. Enumerable.Range(0, Home.Items.Count)];

        var (one, two) = (new Strangers(Home, seed: 5).Make(items).ToArray(), new Strangers(Home, seed: 5).Make(items).ToArray());

        Assert.Equal(2000, one.Length);
        Assert.Equal(one.Select(stranger => (stranger.Item, stranger.Rung, stranger.Question)), two.Select(stranger => (stranger.Item, stranger.Rung, stranger.Question)));
        Assert.All(one, stranger => Assert.Equal(Home.Items[stranger.Item].Outcomes[stranger.Rung].Answer, stranger.Answer));
    }

    [Fact]
    public void Folds_AnyTable_NeverSplitAnImage()
    {
        var folds = Folds.Of(Home, 5);

        Assert.Equal(Enumerable.Range(0, Home.Items.Count), folds.SelectMany(fold => fold.Outside).Order());
        Assert.All(folds, fold => Assert.Empty(Images(fold.Inside).Intersect(Images(fold.Outside))));

        IEnumerable<string> Images(int[] items) => items.Select(i => Home.Items[i].Image);
    }

    private static AnswerForecast Forecast(LabelItem item, string question)
    {
        var (scale, outcome) = (VisualScale.Of(144), item.Outcomes[3]);
        var prior = Trained.Predictor.Predict(Home.ImageFeatures[item.Image], question);
        return Trained.Predictor.AfterRun(prior, question, scale, outcome.Evidence, outcome.Answer);
    }
}
