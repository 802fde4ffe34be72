using System.Diagnostics.Metrics;
using M3.Adaptive.Contracts.V1;
using Microsoft.Extensions.Options;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace M3.Adaptive.Service.Telemetry;

/// <summary>Has OpenTelemetry collect what the product's meters and activity sources tell, and opens the doors that the settings ask for.</summary>
internal static class TelemetryRegistration
{
    private const string ServiceName = "m3-adaptive";
    private const string Product = "M3.Adaptive.*";
    private const string Runtime = "System.Runtime";

    // Seconds, for histograms whose owner names none: the library's own default is made for milliseconds.
    private static readonly double[] Seconds = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    // Requests that are answered by the model.
    private static readonly string[] Traced = [$"/{AdaptiveService.Descriptor.FullName}", "/v1/chat"];

    private static readonly double[] Batch = [1, 2, 4, 8, 16, 32, 64, 128];

    /// <param name="configuration">Complete: what is registered depends on it. Values are checked at the start, not here.</param>
    public static void AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptionsWithValidateOnStart<TelemetryOptions, TelemetryOptionsValidator>().BindConfiguration(TelemetryOptions.Section);
        services.AddSingleton<IValidateOptions<TelemetryOptions>, TelemetryRulesValidator>();
        var stated = configuration.GetSection(TelemetryOptions.Section).Get<TelemetryOptions>() ?? new TelemetryOptions();
        var (isScraped, isSent) = (stated.PrometheusPort is not null, stated.OtlpEndpoint is not null);
        if (!isScraped && !isSent) return;

        var telemetry = services.AddOpenTelemetry().ConfigureResource(static resource => resource.AddService(ServiceName, serviceVersion: Version));
        telemetry.WithMetrics(metrics =>
        {
            metrics.AddMeter(Product, Runtime).AddView(static instrument => BucketsOf(instrument));
            if (isScraped) metrics.AddPrometheusExporter();
            if (isSent)
                metrics.AddOtlpExporter((_, reader) => reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)stated.ExportInterval.TotalMilliseconds);
        });
        if (isScraped) services.AddHostedService<MetricsDoor>();
        if (!isSent) return;

        telemetry.WithTracing(traces => traces
            .SetSampler(static provider => new ParentBasedSampler(new ShareSampler(provider.GetRequiredService<IOptionsMonitor<TelemetryOptions>>())))
            .AddSource(Product)
            .AddAspNetCoreInstrumentation(static web => web.Filter = static context => Traced.Any(path => context.Request.Path.StartsWithSegments(path)))
            .AddOtlpExporter());
        services.AddOptions<OtlpExporterOptions>().Configure<IOptions<TelemetryOptions>>(static (exporter, options) =>
        {
            if (options.Value.OtlpEndpoint is { } address) exporter.Endpoint = new Uri(address);
        });
        services.AddHostedService<ExportFaults>();
    }

    private static string Version => typeof(TelemetryRegistration).Assembly.GetName().Version?.ToString(3) ?? "";

    private static ExplicitBucketHistogramConfiguration? BucketsOf(Instrument instrument) => instrument switch
    {
        Histogram<double> { Unit: "s", Advice: null } => new ExplicitBucketHistogramConfiguration { Boundaries = Seconds },
        Histogram<int> { Unit: "{answer}", Advice: null } => new ExplicitBucketHistogramConfiguration { Boundaries = Batch },
        _ => null,
    };
}
