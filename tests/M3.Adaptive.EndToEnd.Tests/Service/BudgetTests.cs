using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using M3.Adaptive.Contracts.V1;
using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.TestKit.Databases;
using M3.Adaptive.TestKit.Serving.Checkpoints;
using M3.Adaptive.TestKit.Serving.Pictures;
using M3.Adaptive.TestKit.Time;

namespace M3.Adaptive.EndToEnd.Tests.Service;

/// <summary>A tenant's budget against real service processes: exact to the token, whatever happens.</summary>
public sealed class BudgetTests(PostgreSqlCluster cluster) : IClassFixture<PostgreSqlCluster>, IDisposable
{
    private const int Callers = 32;

    private readonly TinyCheckpoint _checkpoint = TinyCheckpoint.Create();

    public void Dispose() => _checkpoint.Dispose();

    [Fact]
    public async Task Generate_BudgetRunsOut_ChargesAllOfItAndThenNamesTheNextWindow()
    {
        await using var service = await ServiceProcess.StartAsync(_checkpoint.Folder);
        await service.AdministerAsync("budget", "set", "default", "--limit", "700", "--window", "366d");

        var replies = await SpendAsync([service]);

        Assert.Equal(700, replies.Sum(reply => reply.Charged.VisualTokens));
        Assert.Equal(700, await SettledAsync(service));
        var refused = await Assert.ThrowsAsync<RpcException>(() => service.Client.GenerateAsync(Question(4)).ResponseAsync.Soon());
        Assert.Equal("tenant:default", Assert.Single(refused.GetRpcStatus()!.GetDetail<QuotaFailure>()!.Violations).Subject);
        Assert.True(refused.GetRpcStatus()!.GetDetail<RetryInfo>()!.RetryDelay.ToTimeSpan() > TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Kill_WhileAnswering_GivesBackWhatWasReservedWhenTheLeaseEnds()
    {
        var settings = WriteSettings("""{"Store": {"LeaseTime": "5s"}}""");
        await using var first = await ServiceProcess.StartAsync(_checkpoint.Folder, "--settings", settings);
        await first.AdministerAsync("budget", "set", "default", "--limit", "1000000", "--window", "366d");
        var before = await first.Client.GenerateAsync(Question(4)).ResponseAsync.Soon();
        // So many that some still run when the audit, a process of its own, has looked.
        var client = first.Client;
        var callers = Enumerable.Range(0, Callers).Select(_ => AskUntilKilledAsync(client)).ToArray();
        await UntilAsync(async () => (await AuditAsync(first)).Reserved > 0);

        await first.KillAsync();

        var acknowledged = (await Task.WhenAll(callers).Soon()).Sum();
        Assert.True((await AuditAsync(first)).Reserved > 0);
        await using var second = await ServiceProcess.StartOnAsync(first.StateFolder, _checkpoint.Folder, "--settings", settings);
        await UntilAsync(async () => (await AuditAsync(second)).Reserved == 0);
        Assert.InRange((await AuditAsync(second)).Settled, before.Charged.VisualTokens + acknowledged, 1_000_000);
    }

    [Fact]
    public async Task Generate_TwoServicesOnOnePostgreSql_ChargeTheWholeBudgetAndNoTokenMore()
    {
        var settings = WriteSettings($$"""{"Store": {"PostgreSql": "{{await cluster.NewDatabaseAsync()}}" } }""");
        await using var one = await ServiceProcess.StartAsync(_checkpoint.Folder, "--settings", settings);
        await using var other = await ServiceProcess.StartAsync(_checkpoint.Folder, "--settings", settings);
        await one.AdministerAsync("budget", "set", "default", "--limit", "3000", "--window", "366d", "--settings", settings);

        var replies = await SpendAsync([one, other]);

        Assert.Equal(3000, replies.Sum(reply => reply.Charged.VisualTokens));
        Assert.Equal((0, 3000), await AuditAsync(one, "--settings", settings));
    }

    [Fact]
    public async Task Generate_DatabaseOfTwoServicesStopsInTheMiddle_FailsMeanwhileAndLosesNothing()
    {
        var settings = WriteSettings($$"""{"Store": {"PostgreSql": "{{await cluster.NewDatabaseAsync()}}", "LeaseTime": "5s"} }""");
        await using var one = await ServiceProcess.StartAsync(_checkpoint.Folder, "--settings", settings);
        await using var other = await ServiceProcess.StartAsync(_checkpoint.Folder, "--settings", settings);
        await one.AdministerAsync("budget", "set", "default", "--limit", "30000", "--window", "366d", "--settings", settings);
        var (some, failed) = (new TaskCompletionSource(), new TaskCompletionSource());
        var replies = new System.Collections.Concurrent.ConcurrentBag<GenerateResponse>();

        var spending = Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
        {
            for (var isLeft = true; isLeft;)
            {
                try
                {
                    replies.Add(await (caller % 2 == 0 ? one : other).Client.GenerateAsync(Question(1)));
                    if (replies.Count >= 50) some.TrySetResult();
                }
                catch (RpcException refused)
                {
                    Assert.True(refused.StatusCode is StatusCode.Unavailable or StatusCode.ResourceExhausted, refused.ToString());
                    isLeft = refused.StatusCode == StatusCode.Unavailable;
                    if (isLeft) failed.TrySetResult();
                    if (isLeft) await Task.Delay(20);
                }
            }
        }));
        await (await Task.WhenAny(some.Task, spending).Soon());                   // a caller that met another fault tells it
        await cluster.StopAsync();
        await failed.Task.Soon();
        await cluster.StartAsync();
        await spending.Soon();

        await UntilAsync(async () => (await AuditAsync(one, "--settings", settings)).Reserved == 0);
        Assert.InRange((await AuditAsync(one, "--settings", settings)).Settled, replies.Sum(static reply => reply.Charged.VisualTokens), 30_000);
        var file = Path.Combine(one.StateFolder, "export.jsonl");
        await one.AdministerAsync("decisions", "export", "--out", file, "--settings", settings);
        var kept = await File.ReadAllTextAsync(file);
        Assert.All(replies, reply => Assert.Contains(reply.Decision.DecisionId, kept, StringComparison.Ordinal));
    }

    // The visual tokens of all replies that came.
    private static async Task<long> AskUntilKilledAsync(AdaptiveService.AdaptiveServiceClient client)
    {
        var charged = 0L;
        try
        {
            while (true) charged += (await client.GenerateAsync(Question(1000))).Charged.VisualTokens;
        }
        catch (RpcException)
        {
            return charged;
        }
    }

    // Every caller asks until it is refused: with what is then left, not even the coarsest scale can be run.
    private static async Task<IReadOnlyCollection<GenerateResponse>> SpendAsync(ServiceProcess[] services)
    {
        var replies = new System.Collections.Concurrent.ConcurrentBag<GenerateResponse>();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
        {
            try
            {
                while (true) replies.Add(await services[caller % services.Length].Client.GenerateAsync(Question(1)));
            }
            catch (RpcException refused) when (refused.GetRpcStatus()?.GetDetail<QuotaFailure>() is not null)
            {
                // The budget is used up.
            }
        })).Soon();
        return replies;
    }

    private static async Task<long> SettledAsync(ServiceProcess service) => (await AuditAsync(service)).Settled;

    private static async Task<(long Reserved, long Settled)> AuditAsync(ServiceProcess service, params string[] settings)
    {
        var audit = (await service.AdministerAsync(["budget", "audit", "--json", .. settings])).Json;
        Assert.True((bool)audit["consistent"]!);
        var window = Assert.Single(audit["tenants"]!.AsArray())!;
        Assert.Equal((long)window["ledger"]!, (long)window["reserved"]! + (long)window["settled"]!);
        return ((long)window["reserved"]!, (long)window["settled"]!);
    }

    // Each look starts a process, so that this hardly spins.
    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        async Task LookAsync()
        {
            while (!await holds())
            {
            }
        }

        await LookAsync().Soon();
    }

    private string WriteSettings(string json)
    {
        var file = Path.Combine(_checkpoint.Folder, "settings.json");
        File.WriteAllText(file, json);
        return file;
    }

    private static GenerateRequest Question(int newTokens) => new()
    {
        Image = new Image { Data = ByteString.CopyFrom(PlainPicture.Png(10, 200, 10)) },
        Question = "what is it",
        Decoding = new DecodingOptions { MaxNewTokens = newTokens },
    };
}
