using M3.Adaptive.Core;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Tests.Doubles;
using Xunit;

namespace M3.Adaptive.Routing.Tests.Decision;

public sealed class DeciderTests
{
    private static readonly ScalePrediction Rising = Costs.Prediction(0.2f, 0.4f, 0.6f, 0.85f, 0.9f);

    [Theory]
    [InlineData(1)]
    [InlineData(36)]
    [InlineData(576)]
    public void TryDecide_Fixed_TakesThatScale(int scale)
    {
        var decision = Decide(Fixed(scale), Rising);

        Assert.Equal(new ScaleDecision(VisualScale.Of(scale), StepReason.Fixed, 1), decision);
    }

    [Theory]
    [InlineData(0.0, 576)]
    [InlineData(0.05, 144)]
    [InlineData(0.1, 144)]
    [InlineData(0.35, 36)]
    [InlineData(1.0, 1)]
    public void TryDecide_Quality_TakesTheCheapestWithinTheRisk(double risk, int scale)
    {
        var decision = Decide(Costs.Rules(new Policy.Quality(risk)), Rising);

        Assert.Equal((scale, StepReason.Quality), (decision.Scale.Tokens, decision.Reason));
    }

    [Theory]
    [InlineData(0.0, 576)]
    [InlineData(0.0005, 144)]
    [InlineData(0.004, 36)]
    [InlineData(1.0, 1)]
    public void TryDecide_Economy_TakesTheBestBalance(double price, int scale)
    {
        var decision = Decide(Costs.Rules(new Policy.Economy(price)), Rising);

        Assert.Equal((scale, StepReason.Economy), (decision.Scale.Tokens, decision.Reason));
    }

    [Fact]
    public void TryDecide_CoarseScalePredictedBest_IsTaken()
    {
        var decision = Decide(Costs.Rules(new Policy.Quality(0)), Costs.Prediction(0.3f, 0.9f, 0.8f, 0.7f, 0.6f));

        Assert.Equal(9, decision.Scale.Tokens);
    }

    [Theory]
    [InlineData(100, 36)]
    [InlineData(36, 36)]
    [InlineData(35, 9)]
    [InlineData(1, 1)]
    public void TryDecide_WishBeyondTheCap_TakesTheBestThatFitsAndSaysSo(int cap, int scale)
    {
        var decision = Decide(Costs.Rules(new Policy.Quality(0)) with { Caps = new Caps(cap, null) }, Rising);

        Assert.Equal((scale, StepReason.Capped), (decision.Scale.Tokens, decision.Reason));
    }

    [Fact]
    public void TryDecide_CapThatDoesNotBind_IsNotNamedAsTheReason()
    {
        var decision = Decide(Costs.Rules(new Policy.Quality(0.05)) with { Caps = new Caps(144, null) }, Rising);

        Assert.Equal((144, StepReason.Quality), (decision.Scale.Tokens, decision.Reason));
    }

    [Fact]
    public void TryDecide_FlopCap_BindsToo()
    {
        var decision = Decide(Costs.Rules(new Policy.Quality(0)) with { Caps = new Caps(null, 1000 * (36 + 64)) }, Rising);

        Assert.Equal(36, decision.Scale.Tokens);
    }

    [Theory]
    [InlineData(null, 144)]
    [InlineData(143, 36)]
    [InlineData(8, 1)]
    public void TryDecide_NoPrediction_TakesTheSafeScaleOrTheNearestBelow(int? cap, int scale)
    {
        var decision = Decide(Costs.Rules() with { Caps = new Caps(cap, null) }, null);

        Assert.Equal((scale, StepReason.SafeScale), (decision.Scale.Tokens, decision.Reason));
    }

    [Fact]
    public void TryDecide_NoPredictionAndBoundsAboveTheSafeScale_TakesTheCoarsestAllowed()
    {
        var decision = Decide(Costs.Rules() with { Min = VisualScale.Finest }, null);

        Assert.Equal(576, decision.Scale.Tokens);
    }

    [Fact]
    public void TryDecide_CapBelowTheCoarsestAllowed_IsRefusedWithItsCost()
    {
        var rules = Costs.Rules() with { Min = VisualScale.Of(36), Caps = new Caps(20, null) };

        var decided = Decider.TryDecide(rules, Rising, Costs.Ladder(), default, out _, out var refusal);

        Assert.False(decided);
        Assert.Equal(new ScaleRefusal(VisualScale.Of(36), Costs.Of(VisualScale.Of(36), 64), TooLong: false), refusal);
    }

    [Theory]
    [InlineData(447, 576, StepReason.Quality)]                                // 447 + 576 + 1 = 1024
    [InlineData(448, 144, StepReason.Capped)]
    [InlineData(1014, 9, StepReason.Capped)]
    [InlineData(1022, 1, StepReason.Capped)]
    public void TryDecide_LongQuestion_TakesTheBestWithRoomForItAndSaysSo(int text, int scale, StepReason reason)
    {
        var decision = Decide(Costs.Rules(new Policy.Quality(0)) with { Room = new ContextRoom(text, 1024) }, Rising);

        Assert.Equal((scale, reason), (decision.Scale.Tokens, decision.Reason));
    }

    [Theory]
    [InlineData(144, 1000)]
    [InlineData(1, 1023)]
    public void TryDecide_NoRoomAtTheOnlyScale_IsRefusedAsTooLong(int scale, int text)
    {
        var rules = Fixed(scale) with { Room = new ContextRoom(text, 1024) };

        Assert.False(Decider.TryDecide(rules, Rising, Costs.Ladder(), default, out _, out var refusal));

        Assert.Equal((VisualScale.Of(scale), true), (refusal.Scale, refusal.TooLong));
    }

    [Fact]
    public void TryDecide_LadderOfOneRung_TakesItAndIsNotCapped()
    {
        RoutingRules rules = Costs.Rules() with { Ladder = [VisualScale.Finest] };

        Assert.Equal((576, StepReason.Quality), (Decide(rules, Rising).Scale.Tokens, Decide(rules, Rising).Reason));
        Assert.Equal((576, StepReason.SafeScale), (Decide(rules, null).Scale.Tokens, Decide(rules, null).Reason));
    }

    [Theory]
    [InlineData(0.19, 0.0, 1, StepReason.Exploration, 0.04)]
    [InlineData(0.19, 0.99, 576, StepReason.Exploration, 0.04)]
    [InlineData(0.19, 0.7, 144, StepReason.Exploration, 0.84)]
    [InlineData(0.21, 0.0, 144, StepReason.Quality, 0.84)]
    public void TryDecide_Exploring_KnowsItsPropensity(double coin, double choice, int scale, StepReason reason, double propensity)
    {
        var rules = Costs.Rules() with { ExplorationRate = 0.2 };

        Assert.True(Decider.TryDecide(rules, Rising, Costs.Ladder(), new ExplorationDraw(coin, choice), out var decision, out _));

        Assert.Equal((scale, reason), (decision.Scale.Tokens, decision.Reason));
        Assert.Equal(propensity, decision.Propensity, 12);
    }

    private static RoutingRules Fixed(int tokens) => Costs.Rules(new Policy.Fixed(VisualScale.Of(tokens))) with
    {
        Min = VisualScale.Of(tokens),
        Max = VisualScale.Of(tokens),
    };

    private static ScaleDecision Decide(RoutingRules rules, ScalePrediction? prediction)
    {
        Assert.True(Decider.TryDecide(rules, prediction, Costs.Ladder(), default, out var decision, out _));
        return decision;
    }
}
