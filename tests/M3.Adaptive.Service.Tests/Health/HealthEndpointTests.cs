using Grpc.Core;
using Grpc.Health.V1;
using M3.Adaptive.Contracts;
using M3.Adaptive.Contracts.V1;
using M3.Adaptive.Service.Tests.Endpoint;
using M3.Adaptive.TestKit.Time;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace M3.Adaptive.Service.Tests.Health;

/// <summary>gRPC's health protocol as load balancers and <c>./m3 status</c> use it.</summary>
public sealed class HealthEndpointTests
{
    public static TheoryData<string> Names => ["", AdaptiveService.Descriptor.FullName];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Check_Running_ServesAndSaysWhat(string name)
    {
        await using var host = await EndpointHost.StartAsync();

        using var call = Client(host).CheckAsync(new HealthCheckRequest { Service = name });
        var reply = await call.ResponseAsync.Soon();

        Assert.Equal(ServingStatus.Serving, reply.Status);
        Assert.Equal(EndpointHost.ModelVersion, call.GetTrailers().GetValue(Trailers.ModelVersion));
        Assert.Equal(EndpointHost.PredictorVersion, call.GetTrailers().GetValue(Trailers.PredictorVersion));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Check_StateFull_IsNotServingUntilThereIsRoom(string name)
    {
        await using var host = await EndpointHost.StartAsync();

        host.State.IsFull = true;
        var full = await Client(host).CheckAsync(new HealthCheckRequest { Service = name }).ResponseAsync.Soon();
        host.State.IsFull = false;
        var again = await Client(host).CheckAsync(new HealthCheckRequest { Service = name }).ResponseAsync.Soon();

        Assert.Equal((ServingStatus.NotServing, ServingStatus.Serving), (full.Status, again.Status));
    }

    [Fact]
    public async Task Check_UnknownService_IsNotFound()
    {
        await using var host = await EndpointHost.StartAsync();

        var refused = await Assert.ThrowsAsync<RpcException>(
            () => Client(host).CheckAsync(new HealthCheckRequest { Service = "nobody" }).ResponseAsync.Soon());

        Assert.Equal(StatusCode.NotFound, refused.StatusCode);
        Assert.Equal(EndpointHost.ModelVersion, refused.Trailers.GetValue(Trailers.ModelVersion));
        Assert.Empty(host.Errors);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Watch_UntilTheServiceStops_TellsBothAndEnds(string name)
    {
        await using var host = await EndpointHost.StartAsync();
        using var watch = Client(host).Watch(new HealthCheckRequest { Service = name });
        Assert.True(await watch.ResponseStream.MoveNext().Soon());
        Assert.Equal(ServingStatus.Serving, watch.ResponseStream.Current.Status);

        var stopped = host.StopAsync();

        Assert.True(await watch.ResponseStream.MoveNext().Soon());
        Assert.Equal(ServingStatus.NotServing, watch.ResponseStream.Current.Status);
        Assert.False(await watch.ResponseStream.MoveNext().Soon());
        Assert.Equal(EndpointHost.ModelVersion, watch.GetTrailers().GetValue(Trailers.ModelVersion));
        await stopped.Soon();
        Assert.Empty(host.Errors);
    }

    [Fact]
    public async Task Watch_UnknownService_SaysSoAndStaysOpen()
    {
        await using var host = await EndpointHost.StartAsync();
        using var watch = Client(host).Watch(new HealthCheckRequest { Service = "later" });

        Assert.True(await watch.ResponseStream.MoveNext().Soon());

        Assert.Equal(ServingStatus.ServiceUnknown, watch.ResponseStream.Current.Status);
        Assert.False(watch.ResponseStream.MoveNext().IsCompleted);
    }

    [Fact]
    public async Task Watch_CallerLeaves_IsNoErrorOfOurs()
    {
        await using var host = await EndpointHost.StartAsync();
        using (var watch = Client(host).Watch(new HealthCheckRequest()))
        {
            Assert.True(await watch.ResponseStream.MoveNext().Soon());
        }

        await host.StopAsync().Soon();

        Assert.Empty(host.Errors);
    }

    private static global::Grpc.Health.V1.Health.HealthClient Client(EndpointHost host) => new(host.Channel);
}
