using M3.Adaptive.Core;
using M3.Adaptive.Inference.Sampling;
using Xunit;

namespace M3.Adaptive.Inference.Tests.Sampling;

public sealed class SamplerTests
{
    private static readonly float[] Probabilities = [0.05f, 0.5f, 0.15f, 0.3f];
    private static readonly float[] Logits = [.. Probabilities.Select(static p => MathF.Log(p))];

    [Fact]
    public void Choose_Greedy_TakesTheBestWhateverTheSeed() =>
        Assert.All(Enumerable.Range(0, 20), seed => Assert.Equal(1, Draw(new() { Seed = seed }, count: 1)[0]));

    [Fact]
    public void Choose_TemperatureOne_DrawsByProbability()
    {
        var drawn = Draw(new() { Temperature = 1, Seed = 7 }, count: 20_000);

        for (var token = 0; token < Logits.Length; token++)
            Assert.Equal(Probabilities[token], drawn.Count(t => t == token) / 20_000.0, 0.02);
    }

    [Fact]
    public void Choose_HigherTemperature_FlattensByItsPower()
    {
        var drawn = Draw(new() { Temperature = 2, Seed = 3 }, count: 20_000);

        var weights = Probabilities.Select(p => Math.Sqrt(p)).ToArray();
        for (var token = 0; token < Logits.Length; token++)
            Assert.Equal(weights[token] / weights.Sum(), drawn.Count(t => t == token) / 20_000.0, 0.02);
    }

    [Fact]
    public void Choose_TopP_KeepsTheLikeliestThatReachIt()
    {
        var drawn = Draw(new() { Temperature = 1, TopP = 0.7f, Seed = 5 }, count: 20_000);

        Assert.Equal([1, 3], drawn.Distinct().Order());                           // 0.5 does not reach 0.7, 0.5 + 0.3 does
        Assert.Equal(0.5 / 0.8, drawn.Count(t => t == 1) / 20_000.0, 0.02);
    }

    [Fact]
    public void Choose_TinyTopP_KeepsTheBest() =>
        Assert.All(Draw(new() { Temperature = 2, TopP = 1e-6f, Seed = 1 }, count: 100), token => Assert.Equal(1, token));

    [Fact]
    public void Choose_TinyTemperature_IsGreedy() =>
        Assert.All(Draw(new() { Temperature = 1e-6f, Seed = 1 }, count: 100), token => Assert.Equal(1, token));

    [Fact]
    public void Choose_SameSeed_DrawsTheSame()
    {
        var options = new DecodingOptions { Temperature = 1, Seed = 42 };

        Assert.Equal(Draw(options, count: 50), Draw(options, count: 50));
        Assert.NotEqual(Draw(options, count: 50), Draw(options with { Seed = 43 }, count: 50));
    }

    [Fact]
    public void Next_SeedZero_GivesThePublishedSequence()
    {
        var random = new SplitMix64(0);

        Assert.Equal([0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F], new[] { random.Next(), random.Next(), random.Next() });
    }

    private static List<int> Draw(DecodingOptions options, int count)
    {
        var sampler = new Sampler(options);
        return [.. Enumerable.Range(0, count).Select(_ => sampler.Choose(Logits, NextToken.Of(Logits)))];
    }
}
