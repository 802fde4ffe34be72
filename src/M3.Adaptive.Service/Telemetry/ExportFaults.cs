using System.Diagnostics.Tracing;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Service.Telemetry;

/// <summary>Logs, at most once a minute, that a collector does not take what it is sent: OpenTelemetry itself tells only its own event source.</summary>
internal sealed class ExportFaults(IOptions<TelemetryOptions> options, TimeProvider clock, ILogger<ExportFaults> logger) : IHostedService, IDisposable
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private Listener? _listener;
    private DateTimeOffset _next = DateTimeOffset.MinValue;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _listener = new Listener(Tell);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _listener?.Dispose();

    private void Tell(string fault)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            if (now < _next) return;
            _next = now + Quiet;
        }

        ServiceLog.TelemetryLost(logger, options.Value.OtlpEndpoint ?? "", fault);
    }

    private sealed class Listener : EventListener
    {
        private const string Source = "OpenTelemetry-Exporter-OpenTelemetryProtocol";

        // The base class calls back before this one's constructor has run.
        private readonly Action<string>? _tell;
        private readonly List<EventSource> _sources = [];

        public Listener(Action<string> tell)
        {
            _tell = tell;
            EventSource[] known;
            lock (_sources) known = [.. _sources];
            foreach (var source in known) EnableEvents(source, EventLevel.Warning);
        }

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name != Source) return;
            if (_tell is not null) EnableEvents(eventSource, EventLevel.Warning);
            else lock (_sources) _sources.Add(eventSource);
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            // The last argument is the exception's whole story; its first line says what happened.
            var words = eventData.Payload?.Select(static part => $"{part}".Split('\n')[0].Trim()) ?? [];
            _tell?.Invoke($"{eventData.EventName} {string.Join(' ', words)}");
        }
    }
}
