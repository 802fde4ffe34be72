using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Service.Telemetry;

/// <summary>Where metrics and traces go. Nothing is measured for anybody unless one of the two doors is open.</summary>
public sealed class TelemetryOptions
{
    public const string Section = "Telemetry";

    /// <summary>TCP port on which Prometheus reads metrics at <c>/metrics</c> over HTTP/1.1, without a key; 0 takes a free one, which the log names. Without it, none is opened.</summary>
    [Range(0, 65_535)]
    public int? PrometheusPort { get; set; }

    /// <summary>IP address for Prometheus to read from.</summary>
    [Required]
    public string PrometheusListen { get; set; } = IPAddress.Loopback.ToString();

    /// <summary>Collector that metrics and traces are sent to by OTLP over gRPC, such as <c>http://127.0.0.1:4317</c>; without it, none are sent.</summary>
    public string? OtlpEndpoint { get; set; }

    /// <summary>Time between two sendings of metrics.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ExportInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Share of requests that are traced, unless their caller's own trace says whether they are.</summary>
    [Range(0.0, 1.0)]
    public double TraceShare { get; set; } = 1;

    /// <summary>Null when Prometheus has no door.</summary>
    public IPEndPoint? PrometheusEndPoint => PrometheusPort is { } port ? new IPEndPoint(IPAddress.Parse(PrometheusListen), port) : null;
}

[OptionsValidator]
internal sealed partial class TelemetryOptionsValidator : IValidateOptions<TelemetryOptions>;

/// <summary>Checks what no attribute can: that the addresses are some.</summary>
internal sealed class TelemetryRulesValidator : IValidateOptions<TelemetryOptions>
{
    public ValidateOptionsResult Validate(string? name, TelemetryOptions options)
    {
        if (!IPAddress.TryParse(options.PrometheusListen, out _))
            return ValidateOptionsResult.Fail($"Telemetry:PrometheusListen is '{options.PrometheusListen}'; expected an IP address such as 127.0.0.1 or 0.0.0.0.");
        return options.OtlpEndpoint is not { } text || (Uri.TryCreate(text, UriKind.Absolute, out var address) && address is { Scheme: "http" or "https", PathAndQuery: "/" })
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"Telemetry:OtlpEndpoint is '{text}'; expected the address of a collector such as http://127.0.0.1:4317.");
    }
}
