using M3.Adaptive.Training.Statistics;
using Xunit;

namespace M3.Adaptive.Training.Tests.Statistics;

public sealed class PictureResamplingTests
{
    private static readonly string[] Pictures = [.. Enumerable.Range(0, 400).Select(i => $"{i / 4}")];          // four questions a picture

    [Fact]
    public void Mean_FirstWorld_IsTheTableItself()
    {
        var worlds = new PictureResampling(Pictures, draws: 5);

        Assert.Equal(199.5, worlds.Mean(i => i)[0], 9);
        Assert.Equal(6, worlds.Worlds);
    }

    [Fact]
    public void Weight_QuestionsOfOnePicture_AreDrawnTogether()
    {
        var worlds = new PictureResampling(Pictures, draws: 20);

        for (var world = 0; world < worlds.Worlds; world++)
        {
            for (var item = 0; item < Pictures.Length; item++) Assert.Equal(worlds.Weight(world, item / 4 * 4), worlds.Weight(world, item));
            Assert.Equal(400, Enumerable.Range(0, Pictures.Length).Sum(item => worlds.Weight(world, item)));
        }
    }

    [Fact]
    public void Estimate_QuestionsThatFailTogether_HaveTheIntervalOfPictures()
    {
        var random = new Random(1);
        bool[] pictures = [.. Enumerable.Range(0, 100).Select(_ => random.Next(2) == 0)];
        var worlds = new PictureResampling(Pictures);
        var right = worlds.Mean(i => pictures[i / 4] ? 1 : 0);

        var estimate = worlds.Estimate(world => right[world]);

        Assert.Equal(pictures.Average(one => one ? 1.0 : 0), estimate.Value, 9);
        Assert.Equal(2 * 1.96 * 0.05, estimate.High - estimate.Low, 0.03);                                       // of 100 pictures, not of 400 questions
    }

    [Fact]
    public void Estimate_SameSeed_IsTheSame()
    {
        Estimate Once(int seed)
        {
            var worlds = new PictureResampling(Pictures, draws: 50, seed);
            var mean = worlds.Mean(i => i);
            return worlds.Estimate(world => mean[world]);
        }

        Assert.Equal(Once(3), Once(3));
        Assert.NotEqual(Once(3), Once(4));
    }

    [Fact]
    public void CentredEstimate_FigureThatResamplingRaises_HoldsItsValue()
    {
        var worlds = new PictureResampling(Pictures, draws: 200);
        var mean = worlds.Mean(i => i % 7);

        var distance = worlds.CentredEstimate(world => Math.Abs(mean[world] - mean[0]));

        Assert.Equal(0, distance.Value);
        Assert.Equal(0, distance.Low);
        Assert.InRange(distance.High, 0.001, 1);
    }
}
