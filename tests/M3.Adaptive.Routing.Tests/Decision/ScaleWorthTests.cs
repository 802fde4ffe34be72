using M3.Adaptive.Core;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Tests.Doubles;
using Xunit;

namespace M3.Adaptive.Routing.Tests.Decision;

public sealed class ScaleWorthTests
{
    [Fact]
    public void Weigh_OneRunLeft_IsSuccessLessPrice()
    {
        var options = Weigh(0.001, runs: 1, hand: null, 0.2f, 0.4f, 0.6f, 0.8f, 0.9f);

        Assert.Equal([0.199, 0.391, 0.564, 0.656, 0.324], options.Select(option => Math.Round(option.Value, 6)));
        Assert.Equal([1.0, 9, 36, 144, 576], options.Select(option => option.Planned.VisualTokens));
    }

    [Fact]
    public void Weigh_AnswerInHand_IsWorthItsConfidence()
    {
        var options = Weigh(0.001, runs: 1, hand: 144, float.NaN, float.NaN, float.NaN, 0.7f, 0.9f);

        Assert.Equal(new ScaleOption(null, 0.7f, 0.7f, MeanCost.Zero), options[0]);
        Assert.Equal([null, VisualScale.Finest], options.Select(option => option.Scale));
        Assert.Null(ScaleWorth.Best(options).Scale);
    }

    [Fact]
    public void Weigh_FinerScaleThatPutsRight_AddsHalfOfIt()
    {
        // W(9): 144 puts (0.8 - 0.4) / 0.6 of the wrong answers right and costs 0.144; nothing is worth going on for after it.
        var options = ScaleWorth.Weigh(Outlook(0.001, 2, null, 0, 0.4f, 0, 0.8f, 0) with { Scales = [VisualScale.Of(9), VisualScale.Of(144)] });

        var worthAfter = (0.8 - 0.4) / 0.6 - 0.144;
        Assert.Equal(0.4 - 0.009 + 0.5 * 0.6 * worthAfter, options[0].Value, 6);
        Assert.Equal(9 + 0.5 * 0.6 * 144, options[0].Planned.VisualTokens, 4);
    }

    [Fact]
    public void Weigh_CapForOneOfTwoRuns_DoesNotCountOnTheSecond()
    {
        var free = Outlook(0.0001, 2, null, 0, 0.4f, 0, 0.8f, 0) with { Scales = [VisualScale.Of(9), VisualScale.Of(144)] };

        var capped = ScaleWorth.Weigh(free with { Allowance = new Allowance(new Caps(152, null), Cost.Zero, null) });

        Assert.Equal(0.4 - 0.0009, capped[0].Value, 6);
        Assert.True(ScaleWorth.Weigh(free)[0].Value > capped[0].Value);
    }

    [Fact]
    public void Weigh_CertainAnswer_LeavesNothingToPutRight() => Assert.Equal(1, Weigh(0, runs: 5, hand: null, 1, 1, 1, 1, 1)[0].Value, 9);

    [Theory]
    [InlineData(CostUnit.VisualTokens, 0.001, 144, 0.144)]
    [InlineData(CostUnit.Gigaflops, 1000, 144, 0.208)]
    [InlineData(CostUnit.Seconds, 1, 144, 0.208)]
    public void Of_EveryUnit_PricesTheCost(CostUnit unit, double perUnit, int scale, double expected) =>
        Assert.Equal(expected, new Price(perUnit, unit).Of(Costs.Of(VisualScale.Of(scale), 64)), 9);

    [Fact]
    public void Best_Equals_TakesTheCheaper() =>
        Assert.Equal(9, ScaleWorth.Best(Weigh(0, runs: 1, hand: null, 0.2f, 0.5f, 0.5f, 0.5f, 0.5f)).Scale?.Tokens);

    private static ScaleOption[] Weigh(double price, int runs, int? hand, params float[] success) => ScaleWorth.Weigh(Outlook(price, runs, hand, success));

    private static Outlook Outlook(double price, int runs, int? hand, params float[] success) => new()
    {
        Price = new Price(price),
        Success = success,
        InHand = hand is { } tokens ? VisualScale.Of(tokens) : null,
        Scales = [.. VisualScale.All.Where(scale => !(scale.Tokens <= hand))],
        Estimates = Costs.Ladder(),
        Runs = runs,
    };
}
