using M3.Adaptive.Routing.Wishes;
using Xunit;

namespace M3.Adaptive.Routing.Tests.Wishes;

public sealed class WishFaultsTests
{
    public static TheoryData<RoutingWish, string[]> Contradictions => new()
    {
        { new() { MinScale = 144, MaxScale = 36 }, ["routing.min_scale", "routing.max_scale"] },
        { new() { Policy = new PolicyWish.Fixed(36), MinScale = 9 }, ["routing.min_scale"] },
        { new() { Policy = new PolicyWish.Fixed(36), MaxScale = 144 }, ["routing.max_scale"] },
        { new() { Policy = new PolicyWish.Fixed(144), Caps = new(100, null) }, ["routing.caps.visual_tokens", "routing.fixed.scale"] },
        { new() { MinScale = 144, Caps = new(143, null) }, ["routing.caps.visual_tokens", "routing.min_scale"] },
        { new() { Policy = new PolicyWish.Fixed(9), Escalation = new(true, null) }, ["routing.escalation.enabled"] },
        { new() { Policy = new PolicyWish.Fixed(9), Escalation = new(null, 2) }, ["routing.escalation.max_escalations"] },
        { new() { Escalation = new(false, 1) }, ["routing.escalation.max_escalations"] },
        { new() { Policy = new PolicyWish.Economy(0.1, 0.2) }, ["routing.economy.price_per_visual_token", "routing.economy.price_per_gigaflop"] },
        { new() { Policy = new PolicyWish.Economy(null, 0.2, 0) }, ["routing.economy.price_per_gigaflop", "routing.economy.price_per_second"] },
    };

    public static TheoryData<RoutingWish, string> OutOfRange => new()
    {
        { new() { Policy = new PolicyWish.Fixed(null) }, "routing.fixed.scale" },
        { new() { Policy = new PolicyWish.Fixed(0) }, "routing.fixed.scale" },
        { new() { Policy = new PolicyWish.Fixed(2) }, "routing.fixed.scale" },
        { new() { Policy = new PolicyWish.Quality(-0.1) }, "routing.quality.risk" },
        { new() { Policy = new PolicyWish.Quality(1.1) }, "routing.quality.risk" },
        { new() { Policy = new PolicyWish.Quality(double.NaN) }, "routing.quality.risk" },
        { new() { Policy = new PolicyWish.Economy(-1) }, "routing.economy.price_per_visual_token" },
        { new() { Policy = new PolicyWish.Economy(double.PositiveInfinity) }, "routing.economy.price_per_visual_token" },
        { new() { Policy = new PolicyWish.Economy(null, -1) }, "routing.economy.price_per_gigaflop" },
        { new() { Policy = new PolicyWish.Economy(null, null, double.NaN) }, "routing.economy.price_per_second" },
        { new() { Policy = new PolicyWish.Target(0.5) }, "routing.target.mean_visual_tokens" },
        { new() { Policy = new PolicyWish.Target(double.PositiveInfinity) }, "routing.target.mean_visual_tokens" },
        { new() { MinScale = 10 }, "routing.min_scale" },
        { new() { MaxScale = 0 }, "routing.max_scale" },
        { new() { Caps = new(0, null) }, "routing.caps.visual_tokens" },
        { new() { Caps = new(-5, null) }, "routing.caps.visual_tokens" },
        { new() { Caps = new(null, 0) }, "routing.caps.flops" },
        { new() { Caps = new(null, double.NaN) }, "routing.caps.flops" },
        { new() { Escalation = new(null, 0) }, "routing.escalation.max_escalations" },
        { new() { Escalation = new(null, 5) }, "routing.escalation.max_escalations" },
    };

    public static TheoryData<RoutingWish> Fine =>
    [
        new RoutingWish(),
        new RoutingWish { Policy = new PolicyWish.Fixed(9), Escalation = new(false, null), AllowExploration = true },
        new RoutingWish { Policy = new PolicyWish.Fixed(144), Caps = new(144, null) },
        new RoutingWish { Policy = new PolicyWish.Quality(0), MinScale = 9, MaxScale = 9, Caps = new(9, 1e9) },
        new RoutingWish { Policy = new PolicyWish.Economy(0), Escalation = new(true, 4) },
        new RoutingWish { Policy = new PolicyWish.Economy(null, null, 0.5) },
        new RoutingWish { Policy = new PolicyWish.Target(58) },
    ];

    [Theory]
    [MemberData(nameof(Contradictions))]
    public void Of_Contradiction_NamesTheFields(RoutingWish wish, string[] fields) =>
        Assert.Equal(fields, WishFaults.Of(wish).Select(fault => fault.Field));

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public void Of_OutOfRange_NamesTheField(RoutingWish wish, string field) =>
        Assert.Equal([field], WishFaults.Of(wish).Select(fault => fault.Field));

    [Theory]
    [MemberData(nameof(Fine))]
    public void Of_SensibleWish_FindsNothing(RoutingWish wish) => Assert.Empty(WishFaults.Of(wish));
}
