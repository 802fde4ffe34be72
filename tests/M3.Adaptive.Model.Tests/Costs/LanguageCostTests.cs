using M3.Adaptive.Core;
using M3.Adaptive.Model.Costs;
using Xunit;

namespace M3.Adaptive.Model.Tests.Costs;

/// <summary>The paper's table 9 (7B, 30 text tokens, prefill only) and identities that any count must keep.</summary>
public sealed class LanguageCostTests
{
    private const int TextTokens = 30;
    private const int HalfPrecision = 2;

    private static readonly LanguageCost Cost = new(Shapes.Llava7B.Language, HalfPrecision);

    [Theory]
    [InlineData(576, 8.04)]
    [InlineData(144, 2.27)]
    [InlineData(36, 0.86)]
    [InlineData(9, 0.51)]
    [InlineData(1, 0.40)]
    public void Answer_PaperShape_IsWithinTwoPercentOfItsCostFormula(int tokens, double teraFlops)
    {
        var flops = Cost.Answer(VisualScale.Of(tokens), TextTokens, newTokens: 1).Flops;

        Assert.InRange(flops / 1e12, teraFlops * 0.98, teraFlops * 1.02);
    }

    [Theory]
    [InlineData(576, 303)]
    [InlineData(144, 87)]
    [InlineData(36, 33)]
    [InlineData(9, 19.5)]
    [InlineData(1, 15.5)]
    public void CacheBytesPerToken_PaperShapeInHalfPrecision_GivesItsCacheSizes(int tokens, double mebibytes) =>
        Assert.Equal(mebibytes, Cost.CacheBytesPerToken * (tokens + TextTokens) / 1048576.0, 0.5);

    [Fact]
    public void BlockParameters_PaperShape_AreThoseOfVicuna() => Assert.Equal(6_476_005_376, Cost.BlockParameters);

    [Fact]
    public void Pass_DecodingStep_ReadsEveryWeightOnce()
    {
        var step = Cost.Pass(cached: 605, tokens: 1);

        Assert.Equal((6_476_005_376 + 131_072_000) * 2.0 + 606 * 524_288.0, step.Bytes);
    }

    [Fact]
    public void Answer_FurtherToken_AddsOnePassBehindThePrompt()
    {
        var three = Cost.Answer(VisualScale.Of(36), TextTokens, newTokens: 3);
        var four = Cost.Answer(VisualScale.Of(36), TextTokens, newTokens: 4);

        Assert.Equal(three + Cost.Pass(36 + TextTokens + 2, 1), four);
    }

    [Fact]
    public void Answer_ReusedPrefix_SavesItsPassButKeepsItsSlots()
    {
        var whole = Cost.Answer(VisualScale.Of(9), textTokens: 50, newTokens: 1).Flops;
        var behind = Cost.Answer(VisualScale.Of(9), textTokens: 50, newTokens: 1, reused: 35).Flops;

        var attention = 4.0 * 32 * 4096 * 35 * 59;
        Assert.Equal(whole - (2.0 * Cost.BlockParameters * 35) - attention, behind, 1.0);
    }

    [Fact]
    public void Answer_EveryRung_CostsMoreThanTheOneBelow()
    {
        var flops = VisualScale.All.Select(scale => Cost.Answer(scale, TextTokens, 8).Flops).ToArray();

        Assert.Equal(flops.Order().Distinct(), flops);
    }

    [Fact]
    public void BlockParameters_GroupedHeads_CountKeysAndValuesOnce()
    {
        var config = Shapes.Llava7B.Language with { HiddenSize = 64, IntermediateSize = 112, LayerCount = 2, HeadCount = 8, KeyValueHeadCount = 2 };

        Assert.Equal(2 * (64 * 64 + 2 * 64 * 16 + 64 * 64 + 3 * 64 * 112), new LanguageCost(config).BlockParameters);
        Assert.Equal(2 * 2 * 2 * 8 * 4, new LanguageCost(config).CacheBytesPerToken);
    }

    [Fact]
    public void Answer_NoNewToken_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Cost.Answer(VisualScale.Finest, TextTokens, newTokens: 0));
}
