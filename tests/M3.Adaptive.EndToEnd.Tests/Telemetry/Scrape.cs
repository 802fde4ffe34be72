using System.Globalization;
using System.Text.RegularExpressions;
using M3.Adaptive.EndToEnd.Tests.Processes;

namespace M3.Adaptive.EndToEnd.Tests.Telemetry;

/// <summary>What a service told Prometheus at one time.</summary>
internal sealed partial class Scrape
{
    private readonly List<(string Name, string Labels, double Value)> _samples;

    private Scrape(string text)
    {
        Text = text;
        _samples = [.. Sample().Matches(text).Select(static match =>
            (match.Groups[1].Value, match.Groups[2].Value, double.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture)))];
    }

    public string Text { get; }

    public IReadOnlySet<string> Names => _samples.Select(static sample => sample.Name).ToHashSet();

    /// <param name="service">One whose log names the address.</param>
    public static async Task<Scrape> OfAsync(ServiceProcess service)
    {
        using var http = new HttpClient { DefaultRequestVersion = new Version(1, 1) };
        return new Scrape(await http.GetStringAsync(new Uri(Address().Match(service.Log).Value)));
    }

    /// <summary>Sum of a metric's values over all labels; with a label, over those that have it.</summary>
    public double Sum(string name, string label = "") =>
        _samples.Where(sample => sample.Name == name && sample.Labels.Contains(label, StringComparison.Ordinal)).Sum(static sample => sample.Value);

    [GeneratedRegex(@"^([a-z_][a-z0-9_]*)(\{[^}]*\})? (\S+)", RegexOptions.Multiline)]
    private static partial Regex Sample();

    [GeneratedRegex(@"http://127\.0\.0\.1:[0-9]+/metrics")]
    private static partial Regex Address();
}
