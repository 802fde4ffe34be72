using System.Globalization;
using System.Text.Json.Nodes;
using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.TestKit.Serving.Checkpoints;
using M3.Adaptive.TestKit.Time;
using Xunit.Abstractions;

namespace M3.Adaptive.EndToEnd.Tests.Soak;

/// <summary>
/// The real service under traffic that is partly faulty, and killed in the middle of it. <c>M3_SOAK_REQUESTS</c> sets how many requests each test sends (400);
/// with 10000 the service is killed ten times instead of twice.
/// </summary>
public sealed class SoakTests(ITestOutputHelper output) : IDisposable
{
    private const int Callers = 16, MiB = 1 << 20;

    private static readonly int Requests = int.Parse(Environment.GetEnvironmentVariable("M3_SOAK_REQUESTS") ?? "400", CultureInfo.InvariantCulture);

    private readonly TinyCheckpoint _checkpoint = TinyCheckpoint.Create();

    public void Dispose() => _checkpoint.Dispose();

    [Fact]
    public async Task Soak_FaultyClientsAmongOthers_GetsEveryStatusRightInFlatMemoryAndAnExactLedger()
    {
        await using var service = await StartAsync(state: null);
        await service.AdministerAsync("budget", "set", "default", "--limit", "1000000000", "--window", "366d");
        var traffic = new SoakTraffic(seed: 1);

        await SendAsync(traffic, service, 0, Requests / 3, mayBeGone: false);
        var before = service.Memory;
        await SendAsync(traffic, service, Requests / 3, Requests, mayBeGone: false);
        var after = service.Memory;

        output.WriteLine($"{Requests} requests: {string.Join(", ", traffic.Statuses)}; memory {before / MiB} MiB after a third, {after / MiB} MiB at the end");
        Assert.Empty(traffic.Wrong);
        Assert.Empty(service.Errors);
        Assert.InRange(after - before, long.MinValue, 100L * MiB);
        await CheckStoreAsync(service, traffic);
    }

    [Fact]
    public async Task Soak_KilledInBetween_LosesNothingThatWasAcknowledged()
    {
        var kills = Requests >= 10_000 ? 10 : 2;
        var traffic = new SoakTraffic(seed: 2);
        var random = new Random(3);
        var service = await StartAsync(state: null);
        var state = service.StateFolder;
        try
        {
            await service.AdministerAsync("budget", "set", "default", "--limit", "1000000000", "--window", "366d");
            for (var part = 0; part <= kills; part++)
            {
                var (from, until) = (part * Requests / (kills + 1), (part + 1) * Requests / (kills + 1));
                if (part == kills)
                {
                    await SendAsync(traffic, service, from, until, mayBeGone: false);
                    break;
                }

                // In the middle of what is sent: some of it is answered, some is running, some is not yet sent.
                var killAt = random.Next(from + ((until - from) / 4), until - ((until - from) / 4));
                await SendAsync(traffic, service, from, until, mayBeGone: true, onSent: number => number == killAt ? service.KillAsync() : Task.CompletedTask);
                var next = await StartAsync(state);
                await service.AbandonAsync();
                service = next;
            }

            output.WriteLine($"{Requests} requests, {kills} kills: {string.Join(", ", traffic.Statuses)}; {traffic.Acknowledged.Count} decisions and {traffic.Judged.Count} outcomes acknowledged");
            Assert.Empty(traffic.Wrong);
            await CheckStoreAsync(service, traffic);
        }
        finally
        {
            await service.DisposeAsync();
            if (Directory.Exists(state)) Directory.Delete(state, recursive: true);
        }
    }

    private async Task<ServiceProcess> StartAsync(string? state)
    {
        var settings = Path.Combine(_checkpoint.Folder, "settings.json");
        await File.WriteAllTextAsync(settings, $$"""{"Server": {"MaxRequestBytes": {{SoakTraffic.MaxRequestBytes}} }, "Store": {"LeaseTime": "5s"} }""");
        return await ServiceProcess.StartOnAsync(state, _checkpoint.Folder, "--settings", settings);
    }

    private static async Task SendAsync(SoakTraffic traffic, ServiceProcess service, int from, int until, bool mayBeGone, Func<int, Task>? onSent = null)
    {
        var next = from - 1;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async _ =>
        {
            for (var number = Interlocked.Increment(ref next); number < until; number = Interlocked.Increment(ref next))
            {
                var sending = traffic.SendAsync(service, number, mayBeGone);
                if (onSent is not null) await onSent(number);
                await sending.Soon();
            }
        }));
    }

    // Every acknowledged decision and outcome is there, and the ledger holds what all decisions were charged and what cancelled calls were, which have none.
    private static async Task CheckStoreAsync(ServiceProcess service, SoakTraffic traffic)
    {
        var window = await SettledAsync(service).Soon();
        var decisions = (await service.DecisionsAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonNode.Parse(line)!).ToDictionary(static line => (string)line["decisionId"]!);
        Assert.All(traffic.Acknowledged, one => Assert.Equal(one.Value, (long)decisions[one.Key]["charged"]!["visualTokens"]!));
        Assert.All(traffic.Judged.Keys, id => Assert.Equal("Right", (string?)decisions[id]["outcomes"]![0]!["verdict"]));
        var broken = (long)window["settled"]! - decisions.Values.Sum(static decision => (long)decision["charged"]!["visualTokens"]!);
        Assert.Equal(0, broken % SoakTraffic.CancelledScale);
        Assert.InRange(broken / SoakTraffic.CancelledScale, 0, traffic.Cancelled);
        Assert.Equal((long)window["ledger"]!, (long)window["settled"]!);
    }

    // Once the leases of those that were killed have ended, and the last cancelled calls, nothing is reserved any more.
    private static async Task<JsonNode> SettledAsync(ServiceProcess service)
    {
        while (true)
        {
            var audit = (await service.AdministerAsync("budget", "audit", "--json")).Json;
            Assert.True((bool)audit["consistent"]!);
            var window = Assert.Single(audit["tenants"]!.AsArray())!;
            if ((long)window["reserved"]! == 0) return window;
        }
    }
}
