using M3.Adaptive.Service.Health;
using M3.Adaptive.Service.Tests.Doubles;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace M3.Adaptive.Service.Tests.Health;

public sealed class ServingCheckTests : IDisposable
{
    private readonly FakeLifetime _lifetime = new();
    private readonly FakeStateStore _state = new();
    private readonly FakeLogger<ServingCheck> _log = new();

    public void Dispose() => _lifetime.Dispose();

    [Fact]
    public async Task Check_Running_IsHealthy() => Assert.Equal(HealthStatus.Healthy, await CheckAsync(new ServingCheck(_lifetime, _state, _log)));

    [Fact]
    public async Task Check_AskedToStop_IsUnhealthy()
    {
        _lifetime.StopApplication();

        Assert.Equal(HealthStatus.Unhealthy, await CheckAsync(new ServingCheck(_lifetime, _state, _log)));
    }

    [Fact]
    public async Task Check_StateFull_IsUnhealthyUntilThereIsRoomAndLogsEachChangeOnce()
    {
        var check = new ServingCheck(_lifetime, _state, _log);

        _state.IsFull = true;
        HealthStatus[] full = [await CheckAsync(check), await CheckAsync(check)];
        _state.IsFull = false;
        HealthStatus[] again = [await CheckAsync(check), await CheckAsync(check)];

        Assert.Equal([HealthStatus.Unhealthy, HealthStatus.Unhealthy], full);
        Assert.Equal([HealthStatus.Healthy, HealthStatus.Healthy], again);
        Assert.Equal([LogLevel.Error, LogLevel.Information], _log.Collector.GetSnapshot().Select(record => record.Level));
    }

    private static async Task<HealthStatus> CheckAsync(ServingCheck check) => (await check.CheckHealthAsync(new HealthCheckContext())).Status;
}
