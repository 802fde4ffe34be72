using M3.Adaptive.Routing.Requests;
using M3.Adaptive.Routing.Telemetry;
using M3.Adaptive.Routing.Tests.Doubles;
using M3.Adaptive.Routing.Wishes;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Xunit;

namespace M3.Adaptive.Routing.Tests.Telemetry;

public sealed class ServerMetricsTests : IDisposable
{
    private readonly RoutingBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Ended_Answer_IsTimedUnderTheModelsName()
    {
        using var duration = Collect("gen_ai.server.request.duration");
        using var first = Collect("gen_ai.server.time_to_first_token");

        await _bench.SendAsync(RoutingBench.Ask(new PolicyWish.Fixed(36)));

        var tags = Assert.Single(duration.GetMeasurementSnapshot()).Tags;
        Assert.Equal((_bench.Generator.Model.Version, "m3.adaptive", "generate_content"), (tags["gen_ai.response.model"], tags["gen_ai.provider.name"], tags["gen_ai.operation.name"]));
        Assert.False(tags.ContainsKey("error.type"));
        Assert.Single(first.GetMeasurementSnapshot());
    }

    [Fact]
    public async Task Ended_Refusal_IsCountedByItsKindAndHasNoFirstToken()
    {
        using var duration = Collect("gen_ai.server.request.duration");
        using var first = Collect("gen_ai.server.time_to_first_token");

        await Assert.ThrowsAsync<InvalidRequestException>(() => _bench.SendAsync(RoutingBench.Ask(flops: 1000)));

        Assert.Equal("InvalidRequestException", Assert.Single(duration.GetMeasurementSnapshot()).Tags["error.type"]);
        Assert.Empty(first.GetMeasurementSnapshot());
    }

    [Fact]
    public async Task Ended_Cancelled_IsNoFaultOfOurs()
    {
        using var duration = Collect("gen_ai.server.request.duration");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _bench.SendAsync(RoutingBench.Ask(), new CancellationToken(canceled: true)));

        Assert.Equal("cancelled", Assert.Single(duration.GetMeasurementSnapshot()).Tags["error.type"]);
    }

    private MetricCollector<double> Collect(string instrument) => new(_bench.Meters, RoutingMetrics.Name, instrument);
}
