using M3.Adaptive.Training.Statistics;
using Xunit;

namespace M3.Adaptive.Training.Tests.Statistics;

public sealed class RankingTests
{
    [Theory]
    [InlineData(new[] { 0.1f, 0.4f, 0.35f, 0.8f }, new[] { false, false, true, true }, 0.75)]
    [InlineData(new[] { 0.5f, 0.5f }, new[] { false, true }, 0.5)]
    [InlineData(new[] { 0.1f, 0.9f }, new[] { false, true }, 1.0)]
    [InlineData(new[] { 0.1f, 0.9f }, new[] { true, false }, 0.0)]
    [InlineData(new[] { 0.1f, 0.9f }, new[] { true, true }, 0.5)]
    public void Auroc_IsTheShareOfPairsInOrder(float[] scores, bool[] right, double expected) => Assert.Equal(expected, Ranking.Auroc(scores, right), 12);

    [Fact]
    public void Auroc_ManyTies_EqualsThePairwiseDefinition()
    {
        var random = new Random(6);
        float[] scores = [.. Enumerable.Range(0, 200).Select(_ => random.Next(10) / 10f)];
        bool[] right = [.. Enumerable.Range(0, 200).Select(_ => random.Next(3) == 0)];
        var (wins, pairs) = (0.0, 0);
        for (var i = 0; i < 200; i++)
        {
            for (var j = 0; j < 200; j++)
            {
                if (!right[i] || right[j]) continue;
                pairs++;
                wins += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
            }
        }

        Assert.Equal(wins / pairs, Ranking.Auroc(scores, right), 12);
    }

    [Fact]
    public void Brier_IsTheMeanSquare() => Assert.Equal((0.01 + 0.25) / 2, Ranking.Brier([0.9f, 0.5f], [true, false]), 6);

    [Fact]
    public void CalibrationError_BinsOfEqualMass_AreCompared() =>
        Assert.Equal((0.2 + 0.1) / 2, Ranking.CalibrationError([0.2f, 0.2f, 0.8f, 1.0f], [false, false, true, true], bins: 2), 6);

    [Fact]
    public void CalibrationError_PerfectForecast_IsZero() => Assert.Equal(0, Ranking.CalibrationError([0, 0, 1, 1], [false, false, true, true]), 12);

    [Fact]
    public void Auroc_LengthsDiffer_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => Ranking.Auroc([1], [true, false]));

    [Fact]
    public void Aurc_ConfidentAnswersRight_IsSmallerThanTheRisk()
    {
        Assert.Equal((0 + 0 + 1 / 3.0 + 2 / 4.0) / 4, new Ranked([0.9f, 0.8f, 0.2f, 0.1f], [true, true, false, false]).Aurc(), 12);
        Assert.Equal(0, new Ranked([0.9f, 0.8f], [true, true]).Aurc());
    }

    [Fact]
    public void EveryMeasure_WeightedItem_CountsAsSoManyItems()
    {
        var random = new Random(4);
        float[] scores = [.. Enumerable.Range(0, 60).Select(_ => random.NextSingle())];
        bool[] right = [.. scores.Select(score => random.NextSingle() < score)];
        int[] copies = [.. scores.Select(_ => random.Next(4))];
        var repeated = Enumerable.Range(0, scores.Length).SelectMany(i => Enumerable.Repeat(i, copies[i])).ToArray();

        var weighted = new Ranked(scores, right);
        var spelled = new Ranked([.. repeated.Select(i => scores[i])], [.. repeated.Select(i => right[i])]);

        Assert.Equal(spelled.Auroc(), weighted.Auroc(i => copies[i]), 9);
        Assert.Equal(spelled.Brier(), weighted.Brier(i => copies[i]), 9);
        Assert.Equal(spelled.CalibrationError(bins: 1), weighted.CalibrationError(bins: 1, i => copies[i]), 9);
    }
}
