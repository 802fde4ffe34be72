using System.Net;
using Grpc.Core;
using Grpc.Health.V1;
using M3.Adaptive.Contracts.V1;
using M3.Adaptive.Service.Tests.Endpoint;
using M3.Adaptive.TestKit.Time;
using HealthClient = Grpc.Health.V1.Health.HealthClient;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace M3.Adaptive.Service.Tests.Health;

/// <summary>What is still answered between the wish to stop and the end.</summary>
public sealed class StoppingRequestsTests
{
    [Fact]
    public async Task Call_OnceStopping_IsUnavailableAndHealthSaysNotServing()
    {
        await using var host = await EndpointHost.StartAsync();
        host.BeginToStop();

        var refused = await Assert.ThrowsAsync<RpcException>(() => new AdaptiveService.AdaptiveServiceClient(host.Channel).StatusAsync(new StatusRequest()).ResponseAsync.Soon());
        var health = await new HealthClient(host.Channel).CheckAsync(new HealthCheckRequest()).ResponseAsync.Soon();

        Assert.Equal((StatusCode.Unavailable, "STOPPING"), (refused.StatusCode, refused.GetRpcStatus()?.GetDetail<Google.Rpc.ErrorInfo>()?.Reason));
        Assert.Equal(ServingStatus.NotServing, health.Status);
    }

    [Fact]
    public async Task Request_OfTheWebPortOnceStopping_IsUnavailable()
    {
        await using var host = await EndpointHost.StartAsync();
        using var client = new HttpClient { BaseAddress = host.WebAddress };
        host.BeginToStop();

        var refused = await client.GetAsync("v1/models").Soon();
        var health = await client.GetAsync("healthz").Soon();

        Assert.Equal((HttpStatusCode.ServiceUnavailable, true), (refused.StatusCode, (await refused.Content.ReadAsStringAsync()).Contains("\"stopping\"", StringComparison.Ordinal)));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "Unhealthy"), (health.StatusCode, await health.Content.ReadAsStringAsync()));
    }
}
