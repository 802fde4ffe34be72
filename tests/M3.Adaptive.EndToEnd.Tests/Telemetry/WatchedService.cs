using System.Text.Json.Nodes;
using Google.Protobuf;
using Grpc.Core;
using M3.Adaptive.Contracts.V1;
using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.TestKit;
using M3.Adaptive.TestKit.Files;
using M3.Adaptive.TestKit.Time;

namespace M3.Adaptive.EndToEnd.Tests.Telemetry;

/// <summary>
/// The shipped model in a service that Prometheus may read and that sends to a collector, after questions of every kind: answered and refused, whole
/// and streamed, of a tenant whose budget is past its soft limit.
/// </summary>
public sealed class WatchedService : IAsyncLifetime, IDisposable
{
    /// <summary>Words of a question, which no telemetry may hold.</summary>
    public const string Question = "what is the price of quartzmarmalade";

    private static readonly string Model = Path.Combine(RepositoryRoot.Path, "models", "m3-nano");

    private readonly TemporaryFolder _folder = new();
    private ServiceProcess? _service;
    private Collector? _collector;

    internal Collector Collector => _collector ?? throw new InvalidOperationException("Not started yet.");

    internal Scrape Scrape { get; private set; } = null!;                     // set before any test

    /// <summary>What <c>load</c> reported of the questions that it asked.</summary>
    internal JsonNode Load { get; private set; } = null!;                     // set before any test

    internal GenerateResponse Single { get; private set; } = null!;           // set before any test

    public async Task InitializeAsync()
    {
        _collector = await Collector.StartAsync();
        var settings = _folder.Combine("settings.json");
        await File.WriteAllTextAsync(
            settings, $$"""{"Telemetry": {"PrometheusPort": 0, "OtlpEndpoint": "{{_collector.Address}}", "ExportInterval": "1s"} }""");
        _service = await ServiceProcess.StartAsync(Model, "--settings", settings);
        await _service.AdministerAsync("budget", "set", "default", "--limit", "1000000", "--soft", "0.001", "--window", "366d");

        var ended = await Finished.RunAsync(
            "dotnet",
            [BuiltProgram.Cli, "load", "--server", $"{_service.Address}", "--requests", "40", "--rate", "50", "--warm-up", "0", "--json"],
            limit: TimeSpan.FromMinutes(5));
        Load = ended.ExitCode == 0 ? ended.Json : throw new InvalidOperationException(ended.Error);

        var picture = ByteString.CopyFrom(await File.ReadAllBytesAsync(Path.Combine(Model, "samples", "bars.png")));
        var request = new GenerateRequest { Image = new Image { Data = picture }, Question = Question };
        Single = await _service.Client.GenerateAsync(request).ResponseAsync.Soon();
        using (var stream = _service.Client.GenerateStream(request))
        {
            while (await stream.ResponseStream.MoveNext(CancellationToken.None).Soon())
            {
            }
        }

        await new Outcomes.OutcomesClient(_service.Channel)
            .RecordAsync(new RecordOutcomeRequest { DecisionId = Single.Decision.DecisionId, Verdict = Verdict.Right }).ResponseAsync.Soon();
        request.Question = "";
        await Assert.ThrowsAsync<RpcException>(() => _service.Client.GenerateAsync(request).ResponseAsync.Soon());
        Scrape = await Scrape.OfAsync(_service);
        await _service.DisposeAsync();                                        // sends what it still holds
    }

    public async Task DisposeAsync()
    {
        if (_collector is not null) await _collector.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();
}
