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

        Assert.Equal((scale, StepReason.Fixed, 1.0), (decision.Scale.Tokens, decision.Reason, decision.Propensity));
        Assert.Empty(decision.Weighed);
    }

    [Theory]
    [InlineData(0.0, 576)]
    [InlineData(0.0005, 144)]
    [InlineData(0.004, 36)]
    [InlineData(1.0, 1)]
    public void TryDecide_EconomyOneRun_TakesTheBestBalance(double price, int scale)
    {
        var decision = Decide(OneRun(Costs.Economy(price)), Rising);

        Assert.Equal((scale, StepReason.Economy), (decision.Scale.Tokens, decision.Reason));
        Assert.Equal([1, 9, 36, 144, 576], decision.Weighed.Select(option => option.Scale?.Tokens ?? 0));
    }

    public static TheoryData<Policy, StepReason> Priced => new()
    {
        { new Policy.Quality(new RiskPrice(0.01, 0.1, 0.0005)), StepReason.Quality },
        { new Policy.Target(new Price(0.0005)), StepReason.Target },
        { new Policy.Economy(new Price(0.0005)), StepReason.Economy },
    };

    [Theory]
    [MemberData(nameof(Priced))]
    public void TryDecide_SamePrice_ChoosesTheSameAndNamesThePolicy(Policy policy, StepReason reason) =>
        Assert.Equal((144, reason), (Decide(OneRun(policy), Rising).Scale.Tokens, Decide(OneRun(policy), Rising).Reason));

    [Theory]
    [InlineData(null, 576, StepReason.NoGuarantee)]
    [InlineData(575, 144, StepReason.Capped)]
    public void TryDecide_QualityWithoutGuarantee_TakesTheFinestThatFits(int? cap, int scale, StepReason reason)
    {
        var decision = Decide(Costs.Rules(new Policy.Quality(null)) with { Caps = new Caps(cap, null) }, Rising);

        Assert.Equal((scale, reason), (decision.Scale.Tokens, decision.Reason));
    }

    [Fact]
    public void TryDecide_CheapLookFirst_StartsCoarserThanOneRunWould()
    {
        var prediction = Costs.Prediction(0.5f, 0.8f, 0.82f, 0.9f, 0.91f);

        Assert.Equal(144, Decide(OneRun(Costs.Economy(0.0005)), prediction).Scale.Tokens);
        Assert.Equal(9, Decide(Costs.Rules(Costs.Economy(0.0005)), prediction).Scale.Tokens);
    }

    [Theory]
    [InlineData(900, 576)]
    [InlineData(300, 144)]
    [InlineData(0, 1)]
    public void TryDecide_Deadline_DropsWhatIsTooSlow(int milliseconds, int scale)
    {
        Assert.True(Decider.TryDecide(OneRun(Costs.Economy(0)), Rising, Costs.Ladder(), default, TimeSpan.FromMilliseconds(milliseconds), out var decision, out _));

        Assert.Equal(scale, decision.Scale.Tokens);
    }

    [Fact]
    public void TryDecide_CoarseScalePredictedBest_IsTaken()
    {
        var decision = Decide(Costs.Rules(Costs.Economy(0)), Costs.Prediction(0.3f, 0.9f, 0.8f, 0.7f, 0.6f));

        Assert.Equal(9, decision.Scale.Tokens);
    }

    [Theory]
    [InlineData(100, 36)]
    [InlineData(36, 36)]
    [InlineData(35, 9)]
    [InlineData(1, 1)]
    public void TryDecide_WishBeyondTheCap_TakesTheBestThatFitsAndSaysSo(int cap, int scale)
    {
        var decision = Decide(OneRun(Costs.Economy(0)) with { Caps = new Caps(cap, null) }, Rising);

        Assert.Equal((scale, StepReason.Capped), (decision.Scale.Tokens, decision.Reason));
    }

    [Fact]
    public void TryDecide_CapThatDoesNotBind_IsNotNamedAsTheReason()
    {
        var decision = Decide(OneRun(Costs.Economy(0.0005)) with { Caps = new Caps(144, null) }, Rising);

        Assert.Equal((144, StepReason.Economy), (decision.Scale.Tokens, decision.Reason));
    }

    [Fact]
    public void TryDecide_FlopCap_BindsToo()
    {
        var decision = Decide(OneRun(Costs.Economy(0)) with { Caps = new Caps(null, 1000 * (36 + 64)) }, Rising);

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

        var decided = Decider.TryDecide(rules, Rising, Costs.Ladder(), default, null, out _, out var refusal);

        Assert.False(decided);
        Assert.Equal(new ScaleRefusal(VisualScale.Of(36), Costs.Of(VisualScale.Of(36), 64), TooLong: false), refusal);
    }

    [Theory]
    [InlineData(447, 576, StepReason.Economy)]                                // 447 + 576 + 1 = 1024
    [InlineData(448, 144, StepReason.Capped)]
    [InlineData(1014, 9, StepReason.Capped)]
    [InlineData(1022, 1, StepReason.Capped)]
    public void TryDecide_LongQuestion_TakesTheBestWithRoomForItAndSaysSo(int text, int scale, StepReason reason)
    {
        var decision = Decide(OneRun(Costs.Economy(0)) with { Room = new ContextRoom(text, 1024) }, Rising);

        Assert.Equal((scale, reason), (decision.Scale.Tokens, decision.Reason));
    }

    [Theory]
    [InlineData(144, 1000)]
    [InlineData(1, 1023)]
    public void TryDecide_NoRoomAtTheOnlyScale_IsRefusedAsTooLong(int scale, int text)
    {
        var rules = Fixed(scale) with { Room = new ContextRoom(text, 1024) };

        Assert.False(Decider.TryDecide(rules, Rising, Costs.Ladder(), default, null, out _, out var refusal));

        Assert.Equal((VisualScale.Of(scale), true), (refusal.Scale, refusal.TooLong));
    }

    [Fact]
    public void TryDecide_LadderOfOneRung_TakesItAndIsNotCapped()
    {
        RoutingRules rules = Costs.Rules() with { Ladder = [VisualScale.Finest] };

        Assert.Equal((576, StepReason.Economy), (Decide(rules, Rising).Scale.Tokens, Decide(rules, Rising).Reason));
        Assert.Equal((576, StepReason.SafeScale), (Decide(rules, null).Scale.Tokens, Decide(rules, null).Reason));
    }

    [Theory]
    [InlineData(0.19, 0.0, 1, StepReason.Exploration, 0.04)]
    [InlineData(0.19, 0.99, 576, StepReason.Exploration, 0.04)]
    [InlineData(0.19, 0.7, 144, StepReason.Exploration, 0.84)]
    [InlineData(0.21, 0.0, 144, StepReason.Economy, 0.84)]
    public void TryDecide_Exploring_KnowsItsPropensity(double coin, double choice, int scale, StepReason reason, double propensity)
    {
        var rules = OneRun(Costs.Economy(0.0005)) with { ExplorationRate = 0.2 };

        Assert.True(Decider.TryDecide(rules, Rising, Costs.Ladder(), new ExplorationDraw(coin, choice), null, out var decision, out _));

        Assert.Equal((scale, reason), (decision.Scale.Tokens, decision.Reason));
        Assert.Equal(propensity, decision.Propensity, 12);
    }

    private static RoutingRules OneRun(Policy policy) => Costs.Rules(policy) with { Escalation = EscalationRules.Off };

    private static RoutingRules Fixed(int tokens) => Costs.Rules(new Policy.Fixed(VisualScale.Of(tokens))) with
    {
        Min = VisualScale.Of(tokens),
        Max = VisualScale.Of(tokens),
    };

    private static ScaleDecision Decide(RoutingRules rules, ScalePrediction? prediction)
    {
        Assert.True(Decider.TryDecide(rules, prediction, Costs.Ladder(), default, null, out var decision, out _));
        return decision;
    }
}
