using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace M3.Adaptive.Service.Health;

/// <summary>
/// Healthy from the first call on, as nothing listens before the model is loaded; unhealthy once the service has been asked to stop.
/// </summary>
internal sealed class ServingCheck(IHostApplicationLifetime lifetime) : IHealthCheck
{
    public const string Name = "serving";

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(lifetime.ApplicationStopping.IsCancellationRequested ? HealthCheckResult.Unhealthy("stopping") : HealthCheckResult.Healthy());
}
