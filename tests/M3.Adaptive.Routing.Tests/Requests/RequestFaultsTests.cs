using M3.Adaptive.Core;
using M3.Adaptive.Routing.Requests;
using M3.Adaptive.Routing.Tests.Doubles;
using Xunit;

namespace M3.Adaptive.Routing.Tests.Requests;

public sealed class RequestFaultsTests
{
    public static TheoryData<RoutingWish, string[]> Contradictions => new()
    {
        { new() { MinScale = 144, MaxScale = 36 }, ["routing.min_scale", "routing.max_scale"] },
        { new() { Policy = new PolicyWish.Fixed(36), MinScale = 9 }, ["routing.min_scale"] },
        { new() { Policy = new PolicyWish.Fixed(36), MaxScale = 144 }, ["routing.max_scale"] },
        { new() { Policy = new PolicyWish.Fixed(144), Caps = new(100, null) }, ["routing.caps.visual_tokens", "routing.fixed.scale"] },
        { new() { MinScale = 144, Caps = new(143, null) }, ["routing.caps.visual_tokens", "routing.min_scale"] },
        { new() { Policy = new PolicyWish.Fixed(9), Escalation = new(true, null, null) }, ["routing.escalation.enabled"] },
        { new() { Policy = new PolicyWish.Fixed(9), Escalation = new(null, 2, null) }, ["routing.escalation.max_escalations"] },
        { new() { Escalation = new(false, 1, 0.5) }, ["routing.escalation.max_escalations", "routing.escalation.confidence_threshold"] },
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
        { new() { MinScale = 10 }, "routing.min_scale" },
        { new() { MaxScale = 0 }, "routing.max_scale" },
        { new() { Caps = new(0, null) }, "routing.caps.visual_tokens" },
        { new() { Caps = new(-5, null) }, "routing.caps.visual_tokens" },
        { new() { Caps = new(null, 0) }, "routing.caps.flops" },
        { new() { Caps = new(null, double.NaN) }, "routing.caps.flops" },
        { new() { Escalation = new(null, 0, null) }, "routing.escalation.max_escalations" },
        { new() { Escalation = new(null, 5, null) }, "routing.escalation.max_escalations" },
        { new() { Escalation = new(null, null, 1.5) }, "routing.escalation.confidence_threshold" },
    };

    public static TheoryData<RoutingWish> Fine =>
    [
        new RoutingWish(),
        new RoutingWish { Policy = new PolicyWish.Fixed(9), Escalation = new(false, null, null), AllowExploration = true },
        new RoutingWish { Policy = new PolicyWish.Fixed(144), Caps = new(144, null) },
        new RoutingWish { Policy = new PolicyWish.Quality(0), MinScale = 9, MaxScale = 9, Caps = new(9, 1e9) },
        new RoutingWish { Policy = new PolicyWish.Economy(0), Escalation = new(true, 4, 1) },
    ];

    [Theory]
    [MemberData(nameof(Contradictions))]
    public void Of_Contradiction_NamesTheFields(RoutingWish wish, string[] fields) =>
        Assert.Equal(fields, RequestFaults.Of(wish).Select(fault => fault.Field));

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public void Of_OutOfRange_NamesTheField(RoutingWish wish, string field) =>
        Assert.Equal([field], RequestFaults.Of(wish).Select(fault => fault.Field));

    [Theory]
    [MemberData(nameof(Fine))]
    public void Of_SensibleWish_FindsNothing(RoutingWish wish) => Assert.Empty(RequestFaults.Of(wish));

    [Fact]
    public void Of_EverythingWrong_NamesAllAtOnce()
    {
        var query = new GenerateQuery
        {
            RequestId = new string('x', 129),
            Image = null,
            Question = " ",
            Routing = new RoutingWish { MinScale = 7 },
            Decoding = new DecodingWish(0, 3, 0, null),
        };

        Assert.Equal(
            ["request_id", "image", "question", "decoding.max_new_tokens", "decoding.temperature", "decoding.top_p", "routing.min_scale"],
            RequestFaults.Of(query).Select(fault => fault.Field));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0123")]
    [InlineData("E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855")]
    public void Of_BadHash_NamesTheField(string hash)
    {
        var query = RoutingBench.Ask() with { Image = new ImageSource.Cached(new ImageHash(hash)) };

        Assert.Equal(["image.sha256"], RequestFaults.Of(query).Select(fault => fault.Field));
    }

    [Fact]
    public void Of_LongQuestion_SaysHowLongItMayBe()
    {
        var fault = Assert.Single(RequestFaults.Of(RoutingBench.Ask() with { Question = new string('q', 4097) }));

        Assert.Equal(("question", "has 4097 characters; at most 4096 are allowed"), (fault.Field, fault.Problem));
    }
}
