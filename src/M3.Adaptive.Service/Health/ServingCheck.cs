using M3.Adaptive.Core;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace M3.Adaptive.Service.Health;

/// <summary>
/// Healthy from the first call on, as nothing listens before the model is loaded; unhealthy while decisions cannot be kept, which is tried at
/// each check, and once the service has been asked to stop.
/// </summary>
internal sealed class ServingCheck(IHostApplicationLifetime lifetime, IStateStore state, ILogger<ServingCheck> logger) : IHealthCheck
{
    public const string Name = "serving";

    private int _isUnavailable;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested) return HealthCheckResult.Unhealthy("stopping");
        try
        {
            await state.CheckAsync(cancellationToken);
            if (Interlocked.Exchange(ref _isUnavailable, 0) == 1) ServiceLog.StateIsBack(logger);
            return HealthCheckResult.Healthy();
        }
        catch (StoreUnavailableException fault)
        {
            if (Interlocked.Exchange(ref _isUnavailable, 1) == 0) ServiceLog.StateUnavailable(logger, fault.Message);
            return HealthCheckResult.Unhealthy(fault.Message);
        }
    }
}
