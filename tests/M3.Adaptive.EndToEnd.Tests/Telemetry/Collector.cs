using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using M3.Adaptive.EndToEnd.Tests.Telemetry.Otlp;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace M3.Adaptive.EndToEnd.Tests.Telemetry;

/// <summary>A collector of OpenTelemetry on a free port of the loopback interface: it keeps what it is sent.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Collector(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    public IReadOnlyList<ExportTraceServiceRequest> Traces => [.. Inbox.Traces];

    /// <summary>Every span that has come so far.</summary>
    public IReadOnlyList<Span> Spans =>
        [.. Inbox.Traces.SelectMany(static trace => trace.ResourceSpans).SelectMany(static resource => resource.ScopeSpans).SelectMany(static scope => scope.Spans)];

    /// <summary>All bytes of traces and metrics that have come so far, as text: what is text in them can be found in it.</summary>
    public string Everything => string.Concat(Inbox.Bytes.Select(Encoding.Latin1.GetString));

    private Received Inbox => _app.Services.GetRequiredService<Received>();

    public static async Task<Collector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddSingleton<Received>();
        builder.Services.AddGrpc();
        var app = builder.Build();
        app.MapGrpcService<TraceDoor>();
        app.MapGrpcService<MetricsDoor>();
        await app.StartAsync();
        return new Collector(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private sealed class Received
    {
        public ConcurrentQueue<ExportTraceServiceRequest> Traces { get; } = [];

        public ConcurrentQueue<byte[]> Bytes { get; } = [];
    }

    private sealed class TraceDoor(Received received) : TraceService.TraceServiceBase
    {
        public override Task<ExportTraceServiceResponse> Export(ExportTraceServiceRequest request, ServerCallContext context)
        {
            received.Traces.Enqueue(request);
            received.Bytes.Enqueue(request.ToByteArray());
            return Task.FromResult(new ExportTraceServiceResponse());
        }
    }

    private sealed class MetricsDoor(Received received) : MetricsService.MetricsServiceBase
    {
        public override Task<ExportMetricsServiceResponse> Export(ExportMetricsServiceRequest request, ServerCallContext context)
        {
            received.Bytes.Enqueue(request.ToByteArray());
            return Task.FromResult(new ExportMetricsServiceResponse());
        }
    }
}
