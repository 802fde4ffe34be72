using M3.Adaptive.Core;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Wishes;
using Xunit;

namespace M3.Adaptive.Routing.Tests.Wishes;

public sealed class WishResolverTests
{
    private static readonly RoutingOptions Routing = new() { Risk = 0.07, PricePerVisualToken = 0.002, SafeScale = 36, ExplorationRate = 0.1 };
    private static readonly EscalationOptions Escalation = new() { MaxEscalations = 3 };
    private static readonly PriceTable Prices = new([new(0.01, 0.1, 0.0002), new(0.05, 0.1, 0.001)], [new(10, 0.01), new(58, 0.0007)]);

    [Fact]
    public void Resolve_NothingSaid_TakesTheSettings()
    {
        var rules = WishResolver.Resolve(RoutingWish.Default, Routing, Escalation, Prices);

        Assert.Equal(
            new RoutingRules
            {
                Policy = new Policy.Quality(new RiskPrice(0.05, 0.1, 0.001)),
                Escalation = new EscalationRules(3),
                SafeScale = VisualScale.Of(36),
                ExplorationRate = 0.1,
            },
            rules);
    }

    [Fact]
    public void Resolve_Fixed_IsTheOnlyScaleAndNeverEscalates()
    {
        var rules = WishResolver.Resolve(new() { Policy = new PolicyWish.Fixed(9) }, Routing, Escalation, Prices);

        Assert.Equal((9, 9, 0), (rules.Min.Tokens, rules.Max.Tokens, rules.Escalation.MaxEscalations));
    }

    [Fact]
    public void Resolve_EconomyByDefault_TakesTheSettingsPrice()
    {
        var rules = WishResolver.Resolve(RoutingWish.Default, new RoutingOptions { Policy = DefaultPolicy.Economy, PricePerVisualToken = 0.3 }, Escalation, Prices);

        Assert.Equal(new Policy.Economy(new Price(0.3)), rules.Policy);
    }

    public static TheoryData<PolicyWish, Policy> Policies => new()
    {
        { new PolicyWish.Quality(0.01), new Policy.Quality(new RiskPrice(0.01, 0.1, 0.0002)) },
        { new PolicyWish.Quality(0.049), new Policy.Quality(new RiskPrice(0.01, 0.1, 0.0002)) },
        { new PolicyWish.Quality(0.009), new Policy.Quality(null) },
        { new PolicyWish.Target(58), new Policy.Target(new Price(0.0007)) },
        { new PolicyWish.Target(57.9), new Policy.Target(new Price(0.01)) },
        { new PolicyWish.Target(2), new Policy.Target(new Price(0.01)) },
        { new PolicyWish.Economy(null), new Policy.Economy(new Price(0.002)) },
        { new PolicyWish.Economy(null, 0.5), new Policy.Economy(new Price(0.5, CostUnit.Gigaflops)) },
        { new PolicyWish.Economy(null, null, 0.5), new Policy.Economy(new Price(0.5, CostUnit.Seconds)) },
    };

    [Theory]
    [MemberData(nameof(Policies))]
    public void Resolve_Policy_ComesToAPrice(PolicyWish wish, Policy policy) =>
        Assert.Equal(policy, WishResolver.Resolve(new() { Policy = wish }, Routing, Escalation, Prices).Policy);

    [Fact]
    public void Resolve_NoPredictor_StillHasAPolicy() =>
        Assert.Equal(new Policy.Target(Price.Free), WishResolver.Resolve(new() { Policy = new PolicyWish.Target(58) }, Routing, Escalation, PriceTable.Empty).Policy);

    [Fact]
    public void Resolve_ExplorationRefused_DoesNotExplore() =>
        Assert.Equal(0, WishResolver.Resolve(new() { AllowExploration = false }, Routing, Escalation, Prices).ExplorationRate);

    [Theory]
    [InlineData(null, null, 0)]
    [InlineData(true, null, 3)]
    [InlineData(null, 2, 2)]
    public void Resolve_EscalationOffInSettings_IsOnWhenAskedFor(bool? enabled, int? max, int escalations)
    {
        var off = new EscalationOptions { Enabled = false, MaxEscalations = 3 };

        var rules = WishResolver.Resolve(new() { Escalation = new(enabled, max) }, Routing, off, Prices);

        Assert.Equal(escalations, rules.Escalation.MaxEscalations);
    }

    [Fact]
    public void Resolve_DecodingUnsaid_IsGreedyWithTheSettingsLength() =>
        Assert.Equal(new DecodingOptions { MaxNewTokens = 12 }, WishResolver.Resolve(DecodingWish.Default, new RoutingOptions { MaxNewTokens = 12 }));
}
