using System.Net;
using System.Net.Sockets;
using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.EndToEnd.Tests.Service;
using M3.Adaptive.TestKit.Files;
using M3.Adaptive.TestKit.Serving.Checkpoints;
using M3.Adaptive.TestKit.Time;

namespace M3.Adaptive.EndToEnd.Tests.Telemetry;

/// <summary>The doors of telemetry: shut unless set, and wrong ones are named before the model is loaded.</summary>
[Collection(ServiceCollection.Name)]
public sealed class TelemetrySettingsTests(RunningService service) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Service_ToldNothing_OpensNoDoor() => Assert.DoesNotContain("Metrics for Prometheus", service.Process.Log, StringComparison.Ordinal);

    [Fact]
    public async Task Prometheus_PortTaken_NamesTheSetting()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();

        var ended = await StartAsync($$"""{"Telemetry": {"PrometheusPort": {{((IPEndPoint)other.LocalEndpoint).Port}} } }""");

        Assert.Equal((2, ""), (ended.ExitCode, ended.Output));
        Assert.Contains("choose another port with Telemetry:PrometheusPort", ended.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"Telemetry": {"OtlpEndpoint": "collector"}}""", "Telemetry:OtlpEndpoint is 'collector'")]
    [InlineData("""{"Telemetry": {"PrometheusPort": 0, "PrometheusListen": "here"}}""", "Telemetry:PrometheusListen is 'here'")]
    [InlineData("""{"Telemetry": {"PrometheusPort": 70000}}""", "from 0 to 65535")]
    public async Task Settings_Wrong_AreOneLineAndExitCode2(string settings, string named)
    {
        var ended = await StartAsync(settings);

        Assert.Equal((2, ""), (ended.ExitCode, ended.Output));
        Assert.Contains(named, Assert.Single(ended.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Collector_NobodyListens_IsLoggedAndTheServiceStopsInTime()
    {
        using var checkpoint = TinyCheckpoint.Create();
        await File.WriteAllTextAsync(_folder.Combine("settings.json"), """{"Telemetry": {"OtlpEndpoint": "http://127.0.0.1:1", "ExportInterval": "1s"}}""");

        await using var running = await ServiceProcess.StartAsync(checkpoint.Folder, "--settings", _folder.Combine("settings.json"));

        await LoggedAsync(running, "Telemetry does not arrive at http://127.0.0.1:1").Soon();
    }

    private static async Task LoggedAsync(ServiceProcess service, string text)
    {
        while (!service.Log.Contains(text, StringComparison.Ordinal)) await Task.Delay(20);
    }

    private Task<Finished> StartAsync(string settings)
    {
        File.WriteAllText(_folder.Combine("settings.json"), settings);
        return Finished.DotNetAsync(BuiltProgram.Service, "--model", service.ModelFolder, "--port", "0", "--stop-with-input", "--settings", _folder.Combine("settings.json"));
    }
}
