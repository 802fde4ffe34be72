using System.Net;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Health.V1;
using M3.Adaptive.CommandLine;
using M3.Adaptive.Core;
using M3.Adaptive.Service.Auth;
using M3.Adaptive.Service.Tests.Endpoint;
using M3.Adaptive.TestKit.Calls;
using M3.Adaptive.TestKit.Time;
using StockHealth = Grpc.Health.V1.Health;

namespace M3.Adaptive.Service.Tests.Auth;

public sealed class DoorTests : IAsyncLifetime
{
    private const string Key = "m3_a1_secret", AdminKey = "m3_b2_secret", Tenant = "acme";

    private EndpointHost? _host;

    private EndpointHost Host => _host ?? throw new InvalidOperationException("Not started yet.");

    public async Task InitializeAsync() => _host = await EndpointHost.StartAsync();

    public async Task DisposeAsync() => await Host.DisposeAsync();

    [Fact]
    public async Task Call_NoKeyMadeYet_IsTheDefaultTenants() => Assert.Equal("default Client ", await WhoAsync([]));

    [Fact]
    public async Task Call_WithAKey_IsItsTenants()
    {
        MakeKeys();

        Assert.Equal("acme Client id-0", await WhoAsync(Showing(Key)));
        Assert.Equal("acme Admin id-1", await WhoAsync(Showing(AdminKey)));
    }

    [Fact]
    public async Task Call_SchemeInAnotherCase_IsLetIn()
    {
        MakeKeys();

        Assert.Equal("acme Client id-0", await WhoAsync(new() { { "Authorization", $"bearer {Key}" } }));
    }

    public static TheoryData<string[]> WrongHeaders =>
    [
        [], ["Bearer"], ["Bearer "], [Key], [$"Basic {Key}"], [$"Bearer {Key}x"], ["Bearer m3_a1_"], [$"Bearer {Key}", $"Bearer {Key}"], [$"Bearer {Key}, {Key}"],
    ];

    [Theory]
    [MemberData(nameof(WrongHeaders))]
    public async Task Call_WithoutARightKey_IsUnauthenticated(string[] headers)
    {
        MakeKeys();
        var metadata = new Metadata();
        foreach (var header in headers) metadata.Add("authorization", header);

        var refused = await Assert.ThrowsAsync<RpcException>(() => WhoAsync(metadata));

        Assert.Equal(StatusCode.Unauthenticated, refused.StatusCode);
        Assert.Contains("key", refused.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(EndpointHost.ModelVersion, refused.Trailers.GetValue("m3-model-version"));
    }

    [Fact]
    public async Task EveryMethod_OnceAKeyIsMade_IsDeniedWithoutOneButHealth()
    {
        MakeKeys();
        var methods = Methods().ToList();

        Assert.Contains(methods, static method => method.ServiceName == "m3.adaptive.v1.AdaptiveService");
        Assert.Contains(methods, static method => method.ServiceName == "grpc.reflection.v1.ServerReflection");
        foreach (var method in methods)
        {
            var isHealth = method.ServiceName == StockHealth.Descriptor.FullName;
            Assert.True(isHealth == (await StatusOfAsync(method, []) != StatusCode.Unauthenticated), $"{method.FullName} without a key");
            Assert.True(await StatusOfAsync(method, Showing(AdminKey)) != StatusCode.Unauthenticated, $"{method.FullName} with a key");
        }
    }

    [Fact]
    public async Task UnknownMethod_WithoutAKey_IsDeniedToo()
    {
        MakeKeys();
        var method = EmptyCall.Of(MethodType.Unary, "no.such.Service", "Method");

        Assert.Equal(StatusCode.Unauthenticated, await StatusOfAsync(method, []));
        Assert.Equal(StatusCode.Unimplemented, await StatusOfAsync(method, Showing(Key)));
    }

    [Fact]
    public async Task AdminMethod_ClientOrNobody_IsDenied()
    {
        var client = new Shapes.ShapesClient(Host.Channel);
        var withoutAnyKey = await Assert.ThrowsAsync<RpcException>(() => client.ForAdminsAsync(new()).ResponseAsync.Soon());
        MakeKeys();

        var refused = await Assert.ThrowsAsync<RpcException>(() => client.ForAdminsAsync(new(), Showing(Key)).ResponseAsync.Soon());
        await client.ForAdminsAsync(new(), Showing(AdminKey)).ResponseAsync.Soon();

        Assert.Equal((StatusCode.PermissionDenied, StatusCode.PermissionDenied), (withoutAnyKey.StatusCode, refused.StatusCode));
    }

    [Fact]
    public async Task Call_KeysOutOfReach_IsUnavailableWithoutTheirPlaceAndHealthStillAnswers()
    {
        Host.Keys.IsOutOfReach = true;

        var refused = await Assert.ThrowsAsync<RpcException>(() => WhoAsync(Showing(Key)));
        var health = await new StockHealth.HealthClient(Host.Channel).CheckAsync(new HealthCheckRequest()).ResponseAsync.Soon();

        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
        Assert.DoesNotContain("/", refused.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, health.Status);
        Assert.Empty(Host.Errors);
    }

    [Theory]
    [InlineData("127.0.0.1", false, false, true)]
    [InlineData("::1", false, false, true)]
    [InlineData("::ffff:127.0.0.1", false, false, true)]
    [InlineData("0.0.0.0", false, false, false)]
    [InlineData("::", false, false, false)]
    [InlineData("203.0.113.7", false, false, false)]
    [InlineData("0.0.0.0", true, false, true)]
    [InlineData("0.0.0.0", false, true, true)]
    public void ThrowIfOpen_AnyAddress_NeedsAKeyOrConsentBeyondLoopback(string address, bool isAnyKeyMade, bool isInsecureAllowed, bool isFine)
    {
        var fault = Record.Exception(() => Door.ThrowIfOpen(new IPEndPoint(IPAddress.Parse(address), 1), isAnyKeyMade, isInsecureAllowed));

        if (isFine) Assert.Null(fault);
        else Assert.Contains("--insecure", Assert.IsType<CommandException>(fault).Message, StringComparison.Ordinal);
    }

    private void MakeKeys()
    {
        Host.Keys.Add(Key, Tenant, KeyRole.Client);
        Host.Keys.Add(AdminKey, Tenant, KeyRole.Admin);
    }

    private static Metadata Showing(string key) => new() { { "authorization", $"Bearer {key}" } };

    private async Task<string> WhoAsync(Metadata metadata)
    {
        Host.Behaviour.Answer = static (_, call) => Task.FromResult($"{call.Caller().Tenant} {call.Caller().Role} {call.Caller().KeyId}");
        return (await new Shapes.ShapesClient(Host.Channel).UnaryAsync(new(), metadata).ResponseAsync.Soon()).Value;
    }

    // What is mapped, whatever a contract says; but what answers for methods that there are not.
    private IEnumerable<Method<byte[], byte[]>> Methods() =>
        from endpoint in Host.Endpoints
        let method = endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method
        where method is not null
        select EmptyCall.Of(method.Type, method.ServiceName, method.Name);

    // OK for what ends without a fault, or has begun to answer.
    private async Task<StatusCode> StatusOfAsync(Method<byte[], byte[]> method, Metadata metadata) =>
        (await EmptyCall.RefusalAsync(Host.Channel.CreateCallInvoker(), method, metadata))?.StatusCode ?? StatusCode.OK;
}
