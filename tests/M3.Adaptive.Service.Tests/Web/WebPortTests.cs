using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Grpc.Core;
using Grpc.Net.Client;
using M3.Adaptive.Contracts.V1;
using M3.Adaptive.Service.Limits;
using M3.Adaptive.Service.Tests.Endpoint;
using M3.Adaptive.TestKit.Time;
using Microsoft.Extensions.DependencyInjection;
using KeyRole = M3.Adaptive.Core.KeyRole;

namespace M3.Adaptive.Service.Tests.Web;

/// <summary>What the web port gives to every request, and what it keeps from it.</summary>
public sealed class WebPortTests : IAsyncLifetime
{
    private EndpointHost? _host;
    private HttpClient? _client;

    public async Task InitializeAsync()
    {
        _host = await EndpointHost.StartAsync();
        _client = new HttpClient { BaseAddress = _host.WebAddress };
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        Assert.Empty(Host.Errors);
        await Host.DisposeAsync();
    }

    [Fact]
    public async Task Health_StoreWorksOrNot_AnswersByStatus()
    {
        await using var host = await EndpointHost.StartAsync();
        var health = new Uri(host.WebAddress, "healthz");

        var serving = await Client.GetAsync(health).Soon();
        host.State.IsFull = true;
        var full = await Client.GetAsync(health).Soon();

        Assert.Equal((HttpStatusCode.OK, "Healthy"), (serving.StatusCode, await serving.Content.ReadAsStringAsync()));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, full.StatusCode);
    }

    [Fact]
    public async Task AnyAnswer_HasTheHeadersThatBindBrowsers()
    {
        foreach (var path in (string[])["healthz", "nothing"])
        {
            var headers = (await Client.GetAsync(path).Soon()).Headers;

            Assert.Contains("script-src 'self';", Assert.Single(headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(headers.GetValues("X-Content-Type-Options")));
            Assert.False(headers.Contains("Server"));
        }
    }

    [Fact]
    public async Task UnknownPath_IsTold_InTheShapeOfOpenAisErrors()
    {
        var answer = await Client.GetAsync("nothing/here").Soon();

        var error = await ErrorOf(answer);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal(("not_found", "invalid_request_error"), ((string?)error["code"], (string?)error["type"]));
        Assert.Contains("/nothing/here", (string?)error["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongMethod_IsRefused_NamingIt() =>
        Assert.Equal("method_not_allowed", (string?)(await ErrorOf(await Client.DeleteAsync("healthz").Soon()))["code"]);

    [Fact]
    public async Task GrpcMethod_ByTheWebPort_IsNotThere()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "m3.adaptive.v1.AdaptiveService/Status") { Content = new ByteArrayContent(new byte[5]) };
        request.Content.Headers.ContentType = new("application/grpc");

        var answer = await Client.SendAsync(request).Soon();

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Http2_ByTheWebPort_IsNotSpoken()
    {
        using var channel = GrpcChannel.ForAddress(Host.WebAddress);

        var refused = await Assert.ThrowsAsync<RpcException>(() => new AdaptiveService.AdaptiveServiceClient(channel).StatusAsync(new StatusRequest()).ResponseAsync.Soon());

        Assert.Equal(StatusCode.Internal, refused.StatusCode);
    }

    [Fact]
    public async Task WebEndpoint_ByTheGrpcPort_IsNotThere()
    {
        using var client = new HttpClient { BaseAddress = Host.Address, DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };

        var answer = await client.GetAsync("healthz").Soon();

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("null")]
    public async Task PageOfAnotherSite_IsRefused(string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "healthz") { Headers = { { "Origin", origin } } };

        var answer = await Client.SendAsync(request).Soon();

        Assert.Equal((HttpStatusCode.Forbidden, "another_site"), (answer.StatusCode, (string?)(await ErrorOf(answer))["code"]));
    }

    [Theory]
    [InlineData("localhost", false, HttpStatusCode.OK)]
    [InlineData("127.0.0.1", false, HttpStatusCode.OK)]
    [InlineData("evil.example", false, HttpStatusCode.Forbidden)]
    [InlineData("m3.example", true, HttpStatusCode.OK)]
    public async Task NameOfTheServer_LeadingToTheLoopbackInterface_IsTakenOnceThereIsAKey(string name, bool isAnyKeyMade, HttpStatusCode status)
    {
        if (isAnyKeyMade) Host.Keys.Add("m3_right", "acme", KeyRole.Client);
        using var request = new HttpRequestMessage(HttpMethod.Get, "healthz") { Headers = { Host = name } };

        Assert.Equal(status, (await Client.SendAsync(request).Soon()).StatusCode);
    }

    [Fact]
    public async Task PageOfThisSite_IsServed()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "healthz") { Headers = { { "Origin", Host.WebAddress.GetLeftPart(UriPartial.Authority) } } };

        Assert.Equal(HttpStatusCode.OK, (await Client.SendAsync(request).Soon()).StatusCode);
    }

    [Fact]
    public async Task Key_MissingWhereThereAreSome_IsAskedForInJson()
    {
        Host.Keys.Add("m3_right", "acme", KeyRole.Client);

        var answer = await Client.GetAsync("nothing").Soon();

        var error = await ErrorOf(answer);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal(("no_valid_key", "authentication_error"), ((string?)error["code"], (string?)error["type"]));
        Assert.Equal(HttpStatusCode.OK, (await Client.GetAsync("healthz").Soon()).StatusCode);
    }

    [Fact]
    public async Task Rate_Exceeded_SaysWhenToComeBack()
    {
        await using var host = await EndpointHost.StartAsync(static services => services.Configure<LimitOptions>(static limits => limits.RequestsPerSecond = 1));
        using var client = new HttpClient { BaseAddress = host.WebAddress };
        await client.GetAsync("nothing").Soon();

        var answer = await client.GetAsync("nothing").Soon();

        Assert.Equal((HttpStatusCode.TooManyRequests, "request_rate"), (answer.StatusCode, (string?)(await ErrorOf(answer))["code"]));
        Assert.Equal("1", Assert.Single(answer.Headers.GetValues("Retry-After")));
    }

    private EndpointHost Host => _host ?? throw new InvalidOperationException("Not started yet.");

    private HttpClient Client => _client ?? throw new InvalidOperationException("Not started yet.");

    private static async Task<JsonNode> ErrorOf(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonNode>())?["error"] ?? throw new InvalidDataException("There is no error in it.");
}
