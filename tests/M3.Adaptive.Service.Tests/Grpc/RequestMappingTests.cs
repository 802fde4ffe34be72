using Google.Protobuf;
using M3.Adaptive.Contracts.V1;
using M3.Adaptive.Core;
using M3.Adaptive.Routing.Requests;
using M3.Adaptive.Routing.Wishes;
using M3.Adaptive.Service.Grpc;
using DecodingOptions = M3.Adaptive.Contracts.V1.DecodingOptions;
using KeyRole = M3.Adaptive.Core.KeyRole;
using WireCaps = M3.Adaptive.Contracts.V1.Caps;

namespace M3.Adaptive.Service.Tests.Grpc;

public sealed class RequestMappingTests
{
    private static readonly DateTime NoDeadline = DateTime.MaxValue;

    private static readonly Caller Somebody = new("acme", KeyRole.Client, "a1");

    [Fact]
    public void ToQuery_EmptyRequest_LeavesEverythingUnsaid()
    {
        var query = RequestMapping.ToQuery(new GenerateRequest(), Somebody, NoDeadline);

        Assert.Equal(
            new GenerateQuery { Caller = Somebody, Image = null, Question = "", Routing = RoutingWish.Default, Decoding = DecodingWish.Default, Deadline = null },
            query);
    }

    [Fact]
    public void ToQuery_EmptyParts_LeaveEverythingUnsaid()
    {
        var request = new GenerateRequest
        {
            Image = new Image(),
            Routing = new RoutingOptions { Caps = new WireCaps(), Escalation = new Escalation() },
            Decoding = new DecodingOptions(),
        };

        var query = RequestMapping.ToQuery(request, Somebody, NoDeadline);

        Assert.Null(query.Image);
        Assert.Equal(RoutingWish.Default, query.Routing);
        Assert.Equal(DecodingWish.Default, query.Decoding);
    }

    [Fact]
    public void ToQuery_EveryField_IsCarriedOver()
    {
        var request = new GenerateRequest
        {
            RequestId = "id",
            Image = new Image { Data = ByteString.CopyFrom(1, 2, 3) },
            Question = "what",
            Routing = new RoutingOptions
            {
                Quality = new QualityPolicy { Risk = 0.125 },
                MinScale = 9,
                MaxScale = 144,
                Caps = new WireCaps { VisualTokens = 200, Flops = 1e9 },
                Escalation = new Escalation { Enabled = true, MaxEscalations = 2 },
                AllowExploration = false,
            },
            Decoding = new DecodingOptions { MaxNewTokens = 8, Temperature = 0.5f, TopP = 0.25f, Seed = 7, Stop = { "\n", "." } },
        };

        var query = RequestMapping.ToQuery(request, Somebody, new DateTime(2030, 1, 2, 3, 4, 5, DateTimeKind.Utc));

        Assert.Equal(Somebody, query.Caller);
        Assert.Equal("id", query.RequestId);
        Assert.Equal([1, 2, 3], Assert.IsType<ImageSource.Bytes>(query.Image).Data.ToArray());
        Assert.Equal("what", query.Question);
        Assert.Equal(
            new RoutingWish
            {
                Policy = new PolicyWish.Quality(0.125),
                MinScale = 9,
                MaxScale = 144,
                Caps = new Routing.Decision.Caps(200, 1e9),
                Escalation = new EscalationWish(true, 2),
                AllowExploration = false,
            },
            query.Routing);
        Assert.Equal(["\n", "."], query.Decoding.Stop);
        Assert.Equal(new DecodingWish(8, 0.5f, 0.25f, 7), query.Decoding with { Stop = [] });
        Assert.Equal(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero), query.Deadline);
    }

    [Fact]
    public void ToQuery_Zeros_AreNotTakenForUnset()
    {
        var request = new GenerateRequest
        {
            RequestId = "",
            Routing = new RoutingOptions
            {
                Fixed = new FixedPolicy { Scale = 0 },
                MinScale = 0,
                MaxScale = 0,
                Caps = new WireCaps { VisualTokens = 0, Flops = 0 },
                Escalation = new Escalation { Enabled = false, MaxEscalations = 0 },
            },
            Decoding = new DecodingOptions { MaxNewTokens = 0, Temperature = 0, TopP = 0, Seed = 0 },
        };

        var query = RequestMapping.ToQuery(request, Somebody, NoDeadline);

        Assert.Equal("", query.RequestId);
        Assert.Equal(new PolicyWish.Fixed(0), query.Routing.Policy);
        Assert.Equal((0, 0), (query.Routing.MinScale, query.Routing.MaxScale));
        Assert.Equal(new Routing.Decision.Caps(0, 0), query.Routing.Caps);
        Assert.Equal(new EscalationWish(false, 0), query.Routing.Escalation);
        Assert.Equal(new DecodingWish(0, 0, 0, 0), query.Decoding);
    }

    [Fact]
    public void ToQuery_PolicyWithoutItsNumber_IsThatPolicyUnstated()
    {
        Assert.Equal(new PolicyWish.Fixed(null), PolicyOf(new RoutingOptions { Fixed = new FixedPolicy() }));
        Assert.Equal(new PolicyWish.Quality(null), PolicyOf(new RoutingOptions { Quality = new QualityPolicy() }));
        Assert.Equal(new PolicyWish.Economy(null), PolicyOf(new RoutingOptions { Economy = new EconomyPolicy() }));
        Assert.Equal(new PolicyWish.Economy(0.5), PolicyOf(new RoutingOptions { Economy = new EconomyPolicy { PricePerVisualToken = 0.5 } }));
        Assert.Equal(new PolicyWish.Economy(null, 0.25), PolicyOf(new RoutingOptions { Economy = new EconomyPolicy { PricePerGigaflop = 0.25 } }));
        Assert.Equal(new PolicyWish.Economy(null, null, 2), PolicyOf(new RoutingOptions { Economy = new EconomyPolicy { PricePerSecond = 2 } }));
        Assert.Equal(new PolicyWish.Target(null), PolicyOf(new RoutingOptions { Target = new TargetPolicy() }));
        Assert.Equal(new PolicyWish.Target(58), PolicyOf(new RoutingOptions { Target = new TargetPolicy { MeanVisualTokens = 58 } }));
        Assert.Null(PolicyOf(new RoutingOptions()));
    }

    [Fact]
    public void ToQuery_Hash_IsACachedPicture()
    {
        var query = RequestMapping.ToQuery(new RouteRequest { Image = new Image { Sha256 = "abc" } }, Somebody);

        Assert.Equal(new ImageSource.Cached(new ImageHash("abc")), query.Image);
    }

    [Fact]
    public void ToQuery_RouteRequest_IsCarriedOver()
    {
        var request = new RouteRequest { RequestId = "r", Question = "q", MaxNewTokens = 3, Routing = new RoutingOptions { MinScale = 36 } };

        var query = RequestMapping.ToQuery(request, Somebody);

        Assert.Equal(
            new RouteQuery { RequestId = "r", Caller = Somebody, Image = null, Question = "q", MaxNewTokens = 3, Routing = new RoutingWish { MinScale = 36 } }, query);
    }

    private static PolicyWish? PolicyOf(RoutingOptions routing) =>
        RequestMapping.ToQuery(new GenerateRequest { Routing = routing }, Somebody, NoDeadline).Routing.Policy;
}
