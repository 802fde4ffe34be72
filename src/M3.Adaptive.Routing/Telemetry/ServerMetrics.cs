using System.Diagnostics.Metrics;

namespace M3.Adaptive.Routing.Telemetry;

/// <summary>
/// What OpenTelemetry's semantic conventions ask of a server of generative models
/// (opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics), under their names, so that dashboards made for others work here.
/// </summary>
public sealed class ServerMetrics
{
    private const string Operation = "generate_content";
    private const string Provider = "m3.adaptive";

    private readonly Histogram<double> _duration, _firstToken, _nextToken;

    public ServerMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(RoutingMetrics.Name);
        _duration = meter.CreateHistogram("gen_ai.server.request.duration", "s", "From a request's arrival to its answer or failure.", advice: Buckets.Request);
        _firstToken = meter.CreateHistogram("gen_ai.server.time_to_first_token", "s", "From a request's arrival to the first token of its answer.", advice: Buckets.FirstToken);
        _nextToken = meter.CreateHistogram("gen_ai.server.time_per_output_token", "s", "Between the tokens of an answer behind its first, on average.", advice: Buckets.NextToken);
    }

    /// <param name="model">Version of the weights.</param>
    /// <param name="error">Name of what ended it; null for an answer.</param>
    internal void Ended(TimeSpan duration, string model, string? error)
    {
        if (error is null) _duration.Record(duration.TotalSeconds, new("gen_ai.operation.name", Operation), new("gen_ai.provider.name", Provider), new("gen_ai.response.model", model));
        else _duration.Record(duration.TotalSeconds, new("gen_ai.operation.name", Operation), new("gen_ai.provider.name", Provider), new("gen_ai.response.model", model), new("error.type", error));
    }

    /// <param name="toFirst">From the request's arrival.</param>
    /// <param name="firstToLast">From the first token to the last.</param>
    /// <param name="tokens">How many there are: 1 or more.</param>
    internal void Generated(TimeSpan toFirst, TimeSpan firstToLast, int tokens, string model)
    {
        _firstToken.Record(toFirst.TotalSeconds, new("gen_ai.operation.name", Operation), new("gen_ai.provider.name", Provider), new("gen_ai.response.model", model));
        if (tokens > 1)
            _nextToken.Record(firstToLast.TotalSeconds / (tokens - 1), new("gen_ai.operation.name", Operation), new("gen_ai.provider.name", Provider), new("gen_ai.response.model", model));
    }
}
