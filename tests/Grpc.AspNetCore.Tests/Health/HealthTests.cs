using Grpc.Core;
using Grpc.Health.V1;
using Grpc.HealthCheck;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Grpc.AspNetCore.Tests.Health;

public class HealthTests
{
    private static Task<EchoServer> StartAsync(Func<HealthCheckResult> check, bool cached = false) => EchoServer.StartAsync(
        services: services => services
            .AddGrpcHealthChecks(o =>
            {
                o.UseHealthChecksCache = cached;
                o.Services.Map("standin.tests.Echo", context => context.Tags.Contains("echo"));
            })
            .AddCheck("echo", check, tags: ["echo"]),
        map: app => app.MapGrpcHealthChecksService());

    private static Grpc.Health.V1.Health.HealthClient ClientOf(EchoServer server) => new(server.Channel);

    [Theory]
    [InlineData(HealthStatus.Healthy, ServingStatus.Serving)]
    [InlineData(HealthStatus.Degraded, ServingStatus.Serving)]
    [InlineData(HealthStatus.Unhealthy, ServingStatus.NotServing)]
    public async Task Check_OfServerAndService_TellsTheChecksResult(HealthStatus result, ServingStatus expected)
    {
        await using var server = await StartAsync(() => new HealthCheckResult(result));

        foreach (var service in new[] { "", "standin.tests.Echo" })
            Assert.Equal(expected, (await ClientOf(server).CheckAsync(new HealthCheckRequest { Service = service }).ResponseAsync.Soon()).Status);
        server.Log.Take(); // the health checks themselves log an unhealthy result as an error
    }

    [Fact]
    public async Task Check_UnknownService_IsNotFound()
    {
        await using var server = await StartAsync(() => HealthCheckResult.Healthy());

        var exception = await Assert.ThrowsAsync<RpcException>(
            () => ClientOf(server).CheckAsync(new HealthCheckRequest { Service = "nobody" }).ResponseAsync.Soon());

        Assert.Equal(StatusCode.NotFound, exception.StatusCode);
    }

    [Fact]
    [Trait("StandIn", "only")] // List is newer than the original package
    public async Task List_NamesEveryService()
    {
        await using var server = await StartAsync(() => HealthCheckResult.Healthy());

        var list = await ClientOf(server).ListAsync(new HealthListRequest()).ResponseAsync.Soon();

        Assert.Equal(["", "standin.tests.Echo"], list.Statuses.Keys.Order());
        Assert.All(list.Statuses.Values, status => Assert.Equal(ServingStatus.Serving, status.Status));
    }

    [Fact]
    public async Task Watch_StatusChanges_EachComes()
    {
        await using var server = await StartAsync(() => HealthCheckResult.Healthy());
        var statuses = server.Services.GetRequiredService<HealthServiceImpl>();

        using var watch = ClientOf(server).Watch(new HealthCheckRequest());

        Assert.True(await watch.ResponseStream.MoveNext().Soon());
        Assert.Equal(ServingStatus.Serving, watch.ResponseStream.Current.Status);
        statuses.SetStatus("", ServingStatus.NotServing);
        Assert.True(await watch.ResponseStream.MoveNext().Soon());
        Assert.Equal(ServingStatus.NotServing, watch.ResponseStream.Current.Status);
    }

    [Fact]
    public async Task Watch_UnknownService_SaysSoAndStaysOpen()
    {
        await using var server = await StartAsync(() => HealthCheckResult.Healthy());
        var statuses = server.Services.GetRequiredService<HealthServiceImpl>();

        using var watch = ClientOf(server).Watch(new HealthCheckRequest { Service = "later" });

        Assert.True(await watch.ResponseStream.MoveNext().Soon());
        Assert.Equal(ServingStatus.ServiceUnknown, watch.ResponseStream.Current.Status);
        statuses.SetStatus("later", ServingStatus.Serving);
        Assert.True(await watch.ResponseStream.MoveNext().Soon());
        Assert.Equal(ServingStatus.Serving, watch.ResponseStream.Current.Status);
    }

    [Fact]
    public async Task Watch_ServerStops_EndsWithNotServing()
    {
        var server = await StartAsync(() => HealthCheckResult.Healthy());
        using var channel = Grpc.Net.Client.GrpcChannel.ForAddress(server.Address);
        using var watch = new Grpc.Health.V1.Health.HealthClient(channel).Watch(new HealthCheckRequest());
        Assert.True(await watch.ResponseStream.MoveNext().Soon());

        var stopping = server.DisposeAsync().AsTask();

        Assert.True(await watch.ResponseStream.MoveNext().Soon());
        Assert.Equal(ServingStatus.NotServing, watch.ResponseStream.Current.Status);
        Assert.False(await watch.ResponseStream.MoveNext().Soon());
        await stopping.Soon();
    }

    [Fact]
    public async Task Publisher_Publishes_WatchersAndCacheFollow()
    {
        await using var server = await StartAsync(() => HealthCheckResult.Healthy(), cached: true);
        using var watch = ClientOf(server).Watch(new HealthCheckRequest());
        Assert.True(await watch.ResponseStream.MoveNext().Soon());
        Assert.Equal(ServingStatus.ServiceUnknown, watch.ResponseStream.Current.Status); // nothing published yet

        var entries = new Dictionary<string, HealthReportEntry>
        {
            ["other"] = new(HealthStatus.Unhealthy, null, TimeSpan.Zero, null, null, []),
            ["echo"] = new(HealthStatus.Degraded, null, TimeSpan.Zero, null, null, ["echo"]),
        };
        foreach (var publisher in server.Services.GetServices<IHealthCheckPublisher>())
            await publisher.PublishAsync(new HealthReport(entries, TimeSpan.Zero), CancellationToken.None);

        Assert.True(await watch.ResponseStream.MoveNext().Soon());
        Assert.Equal(ServingStatus.NotServing, watch.ResponseStream.Current.Status);
        var echo = await ClientOf(server).CheckAsync(new HealthCheckRequest { Service = "standin.tests.Echo" }).ResponseAsync.Soon();
        Assert.Equal(ServingStatus.Serving, echo.Status);
    }
}
