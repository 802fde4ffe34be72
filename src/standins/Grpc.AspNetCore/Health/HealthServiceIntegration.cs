using Grpc.Core;
using Grpc.Health.V1;
using Grpc.HealthCheck;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Grpc.AspNetCore.HealthChecks;

/// <summary>The health service over ASP.NET Core's health checks. Watches end when the server stops, lest they hold it up.</summary>
internal sealed class HealthServiceIntegration(
    HealthServiceImpl statuses, HealthCheckService checks, IOptions<GrpcHealthChecksOptions> options, IHostApplicationLifetime lifetime)
    : Health.V1.Health.HealthBase
{
    private readonly GrpcHealthChecksOptions _options = options.Value;

    public override async Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        if (_options.UseHealthChecksCache) return await statuses.Check(request, context).ConfigureAwait(false);
        return await EvaluateAsync(request.Service, context.CancellationToken).ConfigureAwait(false) is { } status
            ? new HealthCheckResponse { Status = status }
            : throw new RpcException(new Status(StatusCode.NotFound, "The service is not known."));
    }

    public override async Task<HealthListResponse> List(HealthListRequest request, ServerCallContext context)
    {
        if (_options.UseHealthChecksCache) return await statuses.List(request, context).ConfigureAwait(false);
        var response = new HealthListResponse();
        foreach (var mapping in _options.Services)
            if (await EvaluateAsync(mapping.Name, context.CancellationToken).ConfigureAwait(false) is { } status)
                response.Statuses.Add(mapping.Name, new HealthCheckResponse { Status = status });
        return response;
    }

    public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        // What was published last may be old, or nothing yet: a watch starts with the truth.
        if (!_options.UseHealthChecksCache && await EvaluateAsync(request.Service, context.CancellationToken).ConfigureAwait(false) is { } status)
            statuses.SetStatus(request.Service, status);

        var stopping = _options.SuppressCompletionOnShutdown ? CancellationToken.None : lifetime.ApplicationStopping;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, stopping);
        await statuses.WatchAsync(request.Service, responseStream, end.Token).ConfigureAwait(false);
        if (stopping.IsCancellationRequested && !context.CancellationToken.IsCancellationRequested)
            await responseStream.WriteAsync(new HealthCheckResponse { Status = ServingStatus.NotServing }).ConfigureAwait(false);
    }

    private async Task<ServingStatus?> EvaluateAsync(string service, CancellationToken cancellationToken)
    {
        if (!_options.Services.TryGet(service, out var mapping)) return null;
        if (lifetime.ApplicationStopping.IsCancellationRequested) return ServingStatus.NotServing;
        var report = await checks.CheckHealthAsync(check => HealthPublisher.Counts(mapping, check.Name, check.Tags), cancellationToken).ConfigureAwait(false);
        return HealthPublisher.StatusOf(report.Entries.Values.Select(entry => entry.Status));
    }
}

/// <summary>Brings published results to the watchers.</summary>
internal sealed class HealthPublisher(HealthServiceImpl statuses, IOptions<GrpcHealthChecksOptions> options) : IHealthCheckPublisher
{
    public Task PublishAsync(HealthReport report, CancellationToken cancellationToken)
    {
        foreach (var mapping in options.Value.Services)
        {
            var counting = report.Entries.Where(entry => Counts(mapping, entry.Key, entry.Value.Tags)).Select(entry => entry.Value.Status);
            statuses.SetStatus(mapping.Name, StatusOf(counting));
        }

        return Task.CompletedTask;
    }

    public static bool Counts(ServiceMapping mapping, string check, IEnumerable<string> tags) =>
        mapping.HealthCheckPredicate?.Invoke(new HealthCheckMapContext(check, tags)) ?? true;

    /// <summary>Degraded still serves; without any check a service is healthy.</summary>
    public static ServingStatus StatusOf(IEnumerable<HealthStatus> results) =>
        results.Any(result => result == HealthStatus.Unhealthy) ? ServingStatus.NotServing : ServingStatus.Serving;
}
