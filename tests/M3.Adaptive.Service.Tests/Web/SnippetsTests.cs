using Google.Protobuf;
using M3.Adaptive.Contracts.V1;
using M3.Adaptive.Service.Web.Playground;

namespace M3.Adaptive.Service.Tests.Web;

/// <summary>The requests that the playground shows, by policy; tests of the page run them.</summary>
public sealed class SnippetsTests
{
    private static readonly Addresses At = new(new Uri("https://m3.example:50052"), new Uri("https://m3.example:50051"));

    public static TheoryData<PolicyChoice, RoutingOptions> Policies => new()
    {
        { PolicyChoice.Quality, new() { Quality = new() { Risk = 0.05 }, Caps = new() { VisualTokens = 200 } } },
        { PolicyChoice.Target, new() { Target = new() { MeanVisualTokens = 40.5 }, Caps = new() { VisualTokens = 200 } } },
        { PolicyChoice.Economy, new() { Economy = new() { PricePerVisualToken = 1e-7 }, Caps = new() { VisualTokens = 200 } } },
        { PolicyChoice.Fixed, new() { Fixed = new() { Scale = 144 }, Caps = new() { VisualTokens = 200 } } },
    };

    [Theory]
    [MemberData(nameof(Policies))]
    public void GrpcUrl_OfEveryPolicy_IsAMessageOfTheContract(PolicyChoice policy, RoutingOptions routing)
    {
        var lines = Snippets.GrpcUrl(Of(policy), "a.png", At).Split('\n');

        Assert.StartsWith("grpcurl -H ", lines[0], StringComparison.Ordinal);
        Assert.Equal("END", lines[^1]);
        var message = JsonParser.Default.Parse<GenerateRequest>(lines[1].Replace("$(base64 -w0 'a.png')", "AQID", StringComparison.Ordinal));
        Assert.Equal(new GenerateRequest { Question = "what is it", Image = new() { Data = ByteString.CopyFrom(1, 2, 3) }, Routing = routing }, message);
    }

    [Theory]
    [InlineData(PolicyChoice.Quality, true)]
    [InlineData(PolicyChoice.Target, false)]
    [InlineData(PolicyChoice.Economy, false)]
    [InlineData(PolicyChoice.Fixed, true)]
    public void HttpForm_IsThere_WhereOpenAisInterfaceHasFieldsForIt(PolicyChoice policy, bool has) => Assert.Equal(has, Snippets.HasHttpForm(Of(policy)));

    private static Wishes Of(PolicyChoice policy) =>
        new() { Question = "what is it", Policy = policy, Risk = 0.05, MeanVisualTokens = 40.5, PricePerVisualToken = 1e-7, Scale = 144, Cap = 200 };
}
