using M3.Adaptive.Inference.Sampling;
using Xunit;

namespace M3.Adaptive.Inference.Tests.Sampling;

public sealed class NextTokenTests
{
    [Fact]
    public void Of_Logits_GivesBestAndMargin()
    {
        var next = NextToken.Of([0.5f, 3f, -1f, 2.25f]);

        Assert.Equal(1, next.Best);
        Assert.Equal(0.75f, next.Margin);
    }

    [Fact]
    public void Of_BestComesFirst_MarginIsToTheSecond() => Assert.Equal(1f, NextToken.Of([5f, 1f, 4f]).Margin);

    [Fact]
    public void Of_TwoEqualBest_TakesTheFirstWithoutMargin()
    {
        var next = NextToken.Of([1f, 2f, 2f]);

        Assert.Equal((1, 0f), (next.Best, next.Margin));
    }

    [Fact]
    public void LogProbability_KnownProbabilities_AreRecovered()
    {
        float[] probabilities = [0.5f, 0.3f, 0.15f, 0.05f];
        var logits = probabilities.Select(p => MathF.Log(p) + 7f).ToArray();

        var next = NextToken.Of(logits);

        for (var i = 0; i < logits.Length; i++) Assert.Equal(MathF.Log(probabilities[i]), next.LogProbability(logits[i]), 1e-5f);
    }

    [Fact]
    public void Entropy_KnownProbabilities_IsTheirs()
    {
        double[] probabilities = [0.5, 0.25, 0.125, 0.125];

        var next = NextToken.Of([.. probabilities.Select(p => (float)Math.Log(p))]);

        Assert.Equal(1.75 * Math.Log(2), next.Entropy, 1e-6);
    }

    [Fact]
    public void Of_HugeLogits_DoesNotOverflow()
    {
        var next = NextToken.Of([3e38f, -3e38f]);

        Assert.Equal(0f, next.LogProbability(3e38f));
        Assert.Equal(0f, next.Entropy);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Of_BrokenLogit_NamesItsPlace(float broken)
    {
        var fault = Assert.Throws<InvalidDataException>(() => NextToken.Of([1f, broken]));

        Assert.Contains("Logit 1", fault.Message, StringComparison.Ordinal);
    }
}
