using System.Globalization;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using M3.Adaptive.Contracts.V1;
using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.TestKit.Files;
using M3.Adaptive.TestKit.Serving.Checkpoints;
using M3.Adaptive.TestKit.Serving.Pictures;
using M3.Adaptive.TestKit.Time;

namespace M3.Adaptive.EndToEnd.Tests.Service;

/// <summary>
/// The training program as the service's child: asked for, by schedule, cancelled, and left behind. Runs alone: a retraining gets what others leave of the machine.
/// </summary>
[CollectionDefinition(nameof(RetrainingTests), DisableParallelization = true)]
[Collection(nameof(RetrainingTests))]
public sealed class RetrainingTests : IDisposable
{
    // Too few for the gate, so that the training is short, and what it says is known.
    private const int Audits = 400;

    // The child gets what everybody else leaves of the processor.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    private readonly TinyCheckpoint _checkpoint = TinyCheckpoint.Create();
    private readonly TinyPredictors _predictors;

    public RetrainingTests() => _predictors = new TinyPredictors(_checkpoint);

    public void Dispose() => _checkpoint.Dispose();

    [Fact]
    public async Task Retrain_Audits_TellsHowFarItIsAndRegistersAVersionWithTheGatesWord()
    {
        await using var service = await ServiceProcess.StartAsync(_checkpoint.Folder);
        var (admin, client) = (await service.AdminAsync(), new Predictors.PredictorsClient(service.Channel));
        WrittenAudits.Write(service.StateFolder, Audits, _predictors.ModelHash);

        using var call = client.Retrain(new RetrainPredictorRequest { Why = "after the alarm" }, admin);
        List<RetrainPredictorResponse> told = [];
        await foreach (var message in call.ResponseStream.ReadAllAsync().WithCancellation(new CancellationTokenSource(Patience).Token)) told.Add(message);

        Assert.Contains(told, message => message.Progress.StartsWith("heads: ", StringComparison.Ordinal));
        Assert.Contains(told, message => message.Progress.Contains("version 2 was refused and will not serve", StringComparison.Ordinal));
        Assert.All(told.SkipLast(1), message => Assert.False(message.HasNumber));
        Assert.Equal(("", 2), (told[^1].Progress, told[^1].Number));
        var version = (await client.GetAsync(new GetPredictorRequest { Number = 2 }, admin).ResponseAsync.Soon()).Version;
        Assert.Equal(("after the alarm", false, Audits), (version.Why, version.Gate.Passed, (int)version.Figures["audits"]));
        Assert.Equal(1, (await client.ListAsync(new ListPredictorsRequest(), admin).ResponseAsync.Soon()).Champion);
    }

    [Fact]
    public async Task Retrain_NothingAudited_SaysWhyAndRegistersNothing()
    {
        await using var service = await ServiceProcess.StartAsync(_checkpoint.Folder);
        var client = new Predictors.PredictorsClient(service.Channel);

        using var call = client.Retrain(new RetrainPredictorRequest(), await service.AdminAsync());
        List<string> told = [];
        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            await foreach (var message in call.ResponseStream.ReadAllAsync()) told.Add(message.Progress);
        }).WaitAsync(Patience);

        Assert.Equal("RETRAINING_FAILED", refused.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason);
        Assert.Contains(told, line => line.Contains("Audit:Share", StringComparison.Ordinal));
        Assert.Equal([1], _predictors.RegistryOf(service.StateFolder).List().Select(version => version.Number));
    }

    [Fact]
    public async Task Retrain_CancelledWhileItRuns_LetsNobodyInBesideItEndsTheChildAndLetsTheNextOneIn()
    {
        await using var service = await ServiceProcess.StartAsync(_checkpoint.Folder);
        var (admin, client) = (await service.AdminAsync(), new Predictors.PredictorsClient(service.Channel));
        WrittenAudits.Write(service.StateFolder, Audits, _predictors.ModelHash);
        var call = client.Retrain(new RetrainPredictorRequest(), admin);
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Patience));
        var child = Assert.Single(service.Children);

        var second = client.Retrain(new RetrainPredictorRequest(), admin);
        var refused = await Assert.ThrowsAsync<RpcException>(() => second.ResponseStream.MoveNext(CancellationToken.None).Soon());
        Assert.Equal("RETRAINING_RUNS", refused.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason);
        Assert.Equal((true, IdleScheduling), (child.Nice >= 10, child.Scheduling));

        call.Dispose();

        await child.EndedAsync();
        Assert.Equal([1], _predictors.RegistryOf(service.StateFolder).List().Select(version => version.Number));
        using var next = await AcceptedAsync(client, admin);
        Assert.Empty(service.Errors);
    }

    [Fact]
    public async Task Kill_WhileRetraining_EndsTheChildToo()
    {
        await using var service = await ServiceProcess.StartAsync(_checkpoint.Folder);
        WrittenAudits.Write(service.StateFolder, Audits, _predictors.ModelHash);
        using var call = new Predictors.PredictorsClient(service.Channel).Retrain(new RetrainPredictorRequest(), await service.AdminAsync());
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Patience));
        var child = Assert.Single(service.Children);

        await service.KillAsync();

        await child.EndedAsync();
        Assert.Equal([1], _predictors.RegistryOf(service.StateFolder).List().Select(version => version.Number));
    }

    [Fact]
    public async Task Schedule_EnoughAudits_RetrainsAndLogsTheGatesWord()
    {
        var settings = Path.Combine(_checkpoint.Folder, "settings.json");
        await File.WriteAllTextAsync(settings, """{"Audit": {"Share": 1}, "Retraining": {"AfterAudits": 100}}""");
        await using var service = await ServiceProcess.StartAsync(_checkpoint.Folder, "--settings", settings);
        WrittenAudits.Write(service.StateFolder, Audits, _predictors.ModelHash);

        for (var i = 0; i < 110; i++) await service.Client.GenerateAsync(Question(i)).ResponseAsync.Soon();
        await service.LoggedAsync("Retraining begins, by schedule: 1", Patience);
        await service.LoggedAsync("Retraining ended with 2: m3: version 2 was refused and will not serve: ", Patience);

        var version = _predictors.RegistryOf(service.StateFolder).Get(2);
        Assert.StartsWith("by schedule: 1", version.Origin?.Why, StringComparison.Ordinal);
        Assert.False(version.Origin?.Gate?.Passed);
        Assert.Equal(_predictors.First, (await service.Client.GenerateAsync(Question(0)).ResponseAsync.Soon()).Decision.PredictorVersion);
    }

    private static int IdleScheduling => File.Exists("/usr/bin/chrt") ? 5 : 0;   // SCHED_IDLE, else the usual one

    // The turn comes free once the child has ended, a moment after its process is gone.
    private static async Task<IDisposable> AcceptedAsync(Predictors.PredictorsClient client, Metadata admin)
    {
        while (true)
        {
            var call = client.Retrain(new RetrainPredictorRequest(), admin);
            try
            {
                if (await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Patience)) return call;
            }
            catch (RpcException refused) when (refused.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason == "RETRAINING_RUNS")
            {
                call.Dispose();
            }
        }
    }

    private static GenerateRequest Question(int i) => new()
    {
        Image = new Image { Data = ByteString.CopyFrom(PlainPicture.Png(10, 200, 10)) },
        Question = string.Create(CultureInfo.InvariantCulture, $"what is it {i}"),
        Routing = new RoutingOptions { Fixed = new FixedPolicy { Scale = 1 } },
        Decoding = new DecodingOptions { MaxNewTokens = 2 },
    };
}
