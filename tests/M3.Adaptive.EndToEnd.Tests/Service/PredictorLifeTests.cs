using System.Text.Json.Nodes;
using Google.Protobuf;
using Grpc.Core;
using M3.Adaptive.Contracts.V1;
using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.TestKit.Files;
using M3.Adaptive.TestKit.Serving.Checkpoints;
using M3.Adaptive.TestKit.Serving.Pictures;
using M3.Adaptive.TestKit.Time;

namespace M3.Adaptive.EndToEnd.Tests.Service;

/// <summary>The life of a predictor's version in a running service: looked on, tried, promoted, taken back, damaged, and killed on the way.</summary>
public sealed class PredictorLifeTests : IDisposable
{
    private const int LongAnswer = 1024, LongAnswers = 16;                   // so many together outlast a promotion, which reads a version's trees

    private readonly TinyCheckpoint _checkpoint = TinyCheckpoint.Create();
    private readonly TinyPredictors _predictors;

    public PredictorLifeTests() => _predictors = new TinyPredictors(_checkpoint);

    public void Dispose() => _checkpoint.Dispose();

    [Fact]
    public async Task Versions_TriedPromotedAndTakenBackWhileRequestsRun_DropNoneAndKeepEachToItsOwn()
    {
        await using var service = await ServiceProcess.StartAsync(_checkpoint.Folder);
        var admin = await service.AdminAsync();
        var client = new Predictors.PredictorsClient(service.Channel);
        var (first, (number, second)) = (_predictors.First, _predictors.Register(service.StateFolder, seed: 2));
        using var enough = new CancellationTokenSource();
        Task<int>[] hammering = [HammerAsync(service, admin, enough.Token), HammerAsync(service, admin, enough.Token)];

        await client.SetShadowAsync(new SetShadowRequest { Number = number, Why = "look" }, admin).ResponseAsync.Soon();
        Assert.All(await AskAsync(service, admin, 4), version => Assert.Equal(first, version));

        await client.SetCanaryAsync(new SetCanaryRequest { Number = number, Share = 0.5, Why = "try" }, admin).ResponseAsync.Soon();
        string[] both = [first, second];
        Assert.Equal(both.Order(StringComparer.Ordinal), (await AskAsync(service, admin, 24)).Distinct().Order(StringComparer.Ordinal));   // one alone: once in 8 million runs

        await client.PromoteAsync(new PromotePredictorRequest { Number = number, Why = "better" }, admin).ResponseAsync.Soon();
        Assert.All(await AskAsync(service, admin, 4), version => Assert.Equal(second, version));

        var running = await BeginAsync(service, admin);
        var back = await client.RollbackAsync(new RollbackPredictorRequest { Why = "worse" }, admin).ResponseAsync.Soon();
        Assert.Equal(1, back.Champion);
        Assert.Contains(running, answer => !answer.IsCompleted);
        Assert.All(await AskAsync(service, admin, 4), version => Assert.Equal(first, version));
        Assert.All(await Task.WhenAll(running).Soon(), version => Assert.Equal(second, version));

        running = await BeginAsync(service, admin);
        await client.PromoteAsync(new PromotePredictorRequest { Number = number, Why = "better after all" }, admin).ResponseAsync.Soon();
        Assert.Contains(running, answer => !answer.IsCompleted);
        Assert.All(await Task.WhenAll(running).Soon(), version => Assert.Equal(first, version));

        await enough.CancelAsync();
        Assert.True((await Task.WhenAll(hammering).Soon()).Sum() > 0);
        JsonNode[] decisions = [.. (await service.DecisionsAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
        Assert.Contains(decisions, decision => (string?)decision["shadow"]?["predictorVersion"] == second && (string?)decision["predictorVersion"] == first);
        Assert.Contains(decisions, decision => (string?)decision["predictorVersion"] == second && (double?)decision["aliasPropensity"] == 0.5);
        Assert.Empty(service.Errors);
    }

    [Fact]
    public async Task Canary_WhoseAnswersProveWrong_IsTakenBackByItself()
    {
        var settings = Path.Combine(_checkpoint.Folder, "settings.json");
        await File.WriteAllTextAsync(settings, """{"Canary": {"LeastAnswers": 20}}""");
        await using var service = await ServiceProcess.StartAsync(_checkpoint.Folder, "--settings", settings);
        var (admin, client, outcomes) = (await service.AdminAsync(), new Predictors.PredictorsClient(service.Channel), new Outcomes.OutcomesClient(service.Channel));
        var (number, second) = _predictors.Register(service.StateFolder, seed: 2);
        await client.SetCanaryAsync(new SetCanaryRequest { Number = number, Share = 0.5 }, admin).ResponseAsync.Soon();

        for (var i = 0; i < 100; i++)
        {
            var decision = (await service.Client.GenerateAsync(Question(2), admin).ResponseAsync.Soon()).Decision;
            var verdict = decision.PredictorVersion == second ? Verdict.Wrong : Verdict.Right;
            await outcomes.RecordAsync(new RecordOutcomeRequest { DecisionId = decision.DecisionId, Verdict = verdict }, admin).ResponseAsync.Soon();
        }

        await service.LoggedAsync($"Canary {number} is taken back: right in 0.0 %");
        Assert.All(await AskAsync(service, admin, 8), version => Assert.Equal(_predictors.First, version));
        var last = _predictors.RegistryOf(service.StateFolder).History()[^1];
        Assert.Equal(("m3", number, null), (last.By, last.From, last.To));
    }

    [Fact]
    public async Task Promote_DamagedVersion_LeavesTheOldOneServingAndSaysSo()
    {
        await using var service = await ServiceProcess.StartAsync(_checkpoint.Folder);
        var admin = await service.AdminAsync();
        var client = new Predictors.PredictorsClient(service.Channel);
        var (number, _) = _predictors.Register(service.StateFolder, seed: 2);
        var registry = _predictors.RegistryOf(service.StateFolder);
        File.AppendAllText(Path.Combine(registry.Get(number).Folder, "calibration.json"), " ");

        var refused = await Assert.ThrowsAsync<RpcException>(() => client.PromoteAsync(new PromotePredictorRequest { Number = number }, admin).ResponseAsync.Soon());
        Assert.Equal((StatusCode.FailedPrecondition, 1), (refused.StatusCode, registry.Aliases().Champion));

        // As if it had been damaged after somebody else promoted it.
        var aliases = Path.Combine(registry.Folder, "aliases.json");
        var named = JsonNode.Parse(await File.ReadAllTextAsync(aliases))!;
        (named["champion"], named["change"]!["sequence"]) = (number, 99);
        await File.WriteAllTextAsync(aliases + ".new", $"{named}");
        File.Move(aliases + ".new", aliases, overwrite: true);
        await service.LoggedAsync($"not what the registry names: Version {number} cannot be used");

        Assert.Equal(_predictors.First, Assert.Single(await AskAsync(service, admin, 1)));
        var status = await service.Client.StatusAsync(new StatusRequest(), admin).ResponseAsync.Soon();
        Assert.Equal((1, true), (status.Champion, status.PredictorFault));
    }

    [Fact]
    public async Task Kill_WhilePromoting_LeavesARegistryThatHasAllThatWasAcknowledged()
    {
        using var state = new TemporaryFolder();
        var (number, second) = _predictors.Register(state.Path, seed: 2);
        var registry = _predictors.RegistryOf(state.Path);
        var acknowledged = 1;                                                  // the first one was taken in
        for (var round = 1; round <= 3; round++)
        {
            await using var service = await ServiceProcess.StartOnAsync(state.Path, _checkpoint.Folder);
            var admin = await service.AdminAsync();
            var toggled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var toggling = ToggleAsync(new Predictors.PredictorsClient(service.Channel), admin, number, 2 * round, toggled);
            await (await Task.WhenAny(toggled.Task, toggling).Soon());
            await service.KillAsync();
            acknowledged += await toggling.Soon();

            var (aliases, history) = (registry.Aliases(), registry.History());
            Assert.Equal(Enumerable.Range(1, history.Count), history.Select(change => (int)change.Sequence));
            Assert.InRange(history.Count, acknowledged, acknowledged + round);   // each killed call may have counted, unheard
            Assert.Equal((aliases.Champion, aliases.Change?.Sequence), (history[^1].To, history[^1].Sequence));

            await using var next = await ServiceProcess.StartOnAsync(state.Path, _checkpoint.Folder);
            Assert.Equal(aliases.Champion == 1 ? _predictors.First : second, Assert.Single(await AskAsync(next, admin, 1)));
            Assert.Empty(next.Errors);
        }
    }

    /// <summary>Promotes and rolls back in turn until the service is gone.</summary>
    /// <returns>How many it acknowledged.</returns>
    private static async Task<int> ToggleAsync(Predictors.PredictorsClient client, Metadata admin, int number, int enough, TaskCompletionSource toggled)
    {
        for (var done = 0; ; done++)
        {
            if (done == enough) toggled.SetResult();
            try
            {
                var champion = (await client.ListAsync(new ListPredictorsRequest(), admin)).Champion;
                if (champion == 1) await client.PromoteAsync(new PromotePredictorRequest { Number = number, Why = "turn" }, admin);
                else await client.RollbackAsync(new RollbackPredictorRequest { Why = "turn" }, admin);
            }
            catch (RpcException fault) when (done >= enough && fault.StatusCode is StatusCode.Unavailable or StatusCode.Internal or StatusCode.Cancelled)
            {
                return done;
            }
        }
    }

    /// <summary>Asks without a pause.</summary>
    /// <returns>How many were answered; one that is not fails the test.</returns>
    private static async Task<int> HammerAsync(ServiceProcess service, Metadata key, CancellationToken enough)
    {
        for (var answered = 0; ; answered++)
        {
            if (enough.IsCancellationRequested) return answered;
            await service.Client.GenerateAsync(Question(4), key, cancellationToken: CancellationToken.None).ResponseAsync.Soon();
        }
    }

    /// <returns>The predictor's version that each decided with.</returns>
    private static async Task<string[]> AskAsync(ServiceProcess service, Metadata key, int count) =>
        [.. (await Task.WhenAll(Enumerable.Range(0, count).Select(_ => service.Client.GenerateAsync(Question(4), key).ResponseAsync)).Soon()).Select(reply => reply.Decision.PredictorVersion)];

    /// <summary>Begins long answers, and returns once all have begun.</summary>
    /// <returns>Each ends with its answer: the version that it was decided with.</returns>
    private static async Task<Task<string>[]> BeginAsync(ServiceProcess service, Metadata key)
    {
        AsyncServerStreamingCall<GenerateStreamResponse>[] calls = [.. Enumerable.Range(0, LongAnswers).Select(_ => service.Client.GenerateStream(Question(LongAnswer), key))];
        foreach (var call in calls) Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).Soon());
        return [.. calls.Select(EndAsync)];
    }

    private static async Task<string> EndAsync(AsyncServerStreamingCall<GenerateStreamResponse> call)
    {
        using (call)
        {
            while (await call.ResponseStream.MoveNext(CancellationToken.None))
            {
                if (call.ResponseStream.Current.End is { } end) return end.Decision.PredictorVersion;
            }
        }

        throw new InvalidDataException("The answer has no end.");
    }

    private static GenerateRequest Question(int newTokens) => new()
    {
        RequestId = $"{Guid.NewGuid()}",
        Image = new Image { Data = ByteString.CopyFrom(PlainPicture.Png(10, 200, 10)) },
        Question = "what is it",
        Routing = new RoutingOptions { Economy = new EconomyPolicy { PricePerVisualToken = 0.01 }, MaxScale = 9 },
        Decoding = new DecodingOptions { MaxNewTokens = newTokens },
    };
}
