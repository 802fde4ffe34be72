using M3.Adaptive.Service.Health;
using M3.Adaptive.Service.Tests.Doubles;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace M3.Adaptive.Service.Tests.Health;

public sealed class ServingCheckTests
{
    [Fact]
    public async Task Check_Running_IsHealthy()
    {
        using var lifetime = new FakeLifetime();

        var result = await new ServingCheck(lifetime).CheckHealthAsync(new HealthCheckContext());

        Assert.Equal(HealthStatus.Healthy, result.Status);
    }

    [Fact]
    public async Task Check_AskedToStop_IsUnhealthy()
    {
        using var lifetime = new FakeLifetime();
        lifetime.StopApplication();

        var result = await new ServingCheck(lifetime).CheckHealthAsync(new HealthCheckContext());

        Assert.Equal(HealthStatus.Unhealthy, result.Status);
    }
}
