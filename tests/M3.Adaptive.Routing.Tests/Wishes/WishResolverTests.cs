using M3.Adaptive.Core;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Wishes;
using Xunit;

namespace M3.Adaptive.Routing.Tests.Wishes;

public sealed class WishResolverTests
{
    private static readonly RoutingOptions Routing = new() { Risk = 0.07, PricePerVisualToken = 0.002, SafeScale = 36, ExplorationRate = 0.1 };
    private static readonly EscalationOptions Escalation = new() { MaxEscalations = 3, ConfidenceThreshold = 0.6, MinGain = 0.01 };

    [Fact]
    public void Resolve_NothingSaid_TakesTheSettings()
    {
        var rules = WishResolver.Resolve(RoutingWish.Default, Routing, Escalation);

        Assert.Equal(
            new RoutingRules
            {
                Policy = new Policy.Quality(0.07),
                Escalation = new EscalationRules(3, 0.6, 0.01),
                SafeScale = VisualScale.Of(36),
                ExplorationRate = 0.1,
            },
            rules);
    }

    [Fact]
    public void Resolve_Fixed_IsTheOnlyScaleAndNeverEscalates()
    {
        var rules = WishResolver.Resolve(new() { Policy = new PolicyWish.Fixed(9) }, Routing, Escalation);

        Assert.Equal((9, 9, 0), (rules.Min.Tokens, rules.Max.Tokens, rules.Escalation.MaxEscalations));
    }

    [Fact]
    public void Resolve_EconomyByDefault_TakesTheSettingsPrice()
    {
        var rules = WishResolver.Resolve(RoutingWish.Default, new RoutingOptions { Policy = DefaultPolicy.Economy, PricePerVisualToken = 0.3 }, Escalation);

        Assert.Equal(new Policy.Economy(0.3), rules.Policy);
    }

    [Fact]
    public void Resolve_ExplorationRefused_DoesNotExplore() =>
        Assert.Equal(0, WishResolver.Resolve(new() { AllowExploration = false }, Routing, Escalation).ExplorationRate);

    [Theory]
    [InlineData(null, null, 0)]
    [InlineData(true, null, 3)]
    [InlineData(null, 2, 2)]
    public void Resolve_EscalationOffInSettings_IsOnWhenAskedFor(bool? enabled, int? max, int escalations)
    {
        var off = new EscalationOptions { Enabled = false, MaxEscalations = 3 };

        var rules = WishResolver.Resolve(new() { Escalation = new(enabled, max, null) }, Routing, off);

        Assert.Equal(escalations, rules.Escalation.MaxEscalations);
    }

    [Fact]
    public void Resolve_DecodingUnsaid_IsGreedyWithTheSettingsLength() =>
        Assert.Equal(new DecodingOptions { MaxNewTokens = 12 }, WishResolver.Resolve(DecodingWish.Default, new RoutingOptions { MaxNewTokens = 12 }));
}
