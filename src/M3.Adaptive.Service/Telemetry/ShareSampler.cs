using Microsoft.Extensions.Options;
using OpenTelemetry.Trace;

namespace M3.Adaptive.Service.Telemetry;

/// <summary>Has a share of traces recorded, as the settings say now.</summary>
internal sealed class ShareSampler(IOptionsMonitor<TelemetryOptions> options) : Sampler
{
    private volatile Sampled? _last;

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        var share = options.CurrentValue.TraceShare;
        if (_last is not { } last || last.Share != share) _last = last = new Sampled(share, new TraceIdRatioBasedSampler(share));
        return last.Sampler.ShouldSample(samplingParameters);
    }

    private sealed record Sampled(double Share, Sampler Sampler);
}
