using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;

namespace M3.Adaptive.Service.Telemetry;

/// <summary>
/// The metrics, for Prometheus to read: a small server of its own over HTTP/1.1, so that a service whose own connections are all taken can still be
/// watched, and nothing else is reached by that port.
/// </summary>
internal sealed class MetricsDoor(MeterProvider meters, IOptions<TelemetryOptions> options, ILoggerFactory logs, ILogger<MetricsDoor> logger) : IHostedService
{
    private const int MaxConnections = 16;

    private WebApplication? _app;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var endpoint = options.Value.PrometheusEndPoint ?? throw new InvalidOperationException("No port for Prometheus is set.");
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();
        builder.Services.AddSingleton(logs);
        builder.Services.AddSingleton(meters);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Listen(endpoint, static listen => listen.Protocols = HttpProtocols.Http1);
        });

        _app = builder.Build();
        _app.MapPrometheusScrapingEndpoint();
        await _app.StartAsync(cancellationToken);
        var addresses = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var address = addresses.First();
        ServiceLog.MetricsServed(logger, address);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_app is null) return;
        await _app.StopAsync(cancellationToken);
        await _app.DisposeAsync();
    }
}
