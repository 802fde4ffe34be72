using Google.Rpc;
using Grpc.Core;
using M3.Adaptive.Contracts.V1;
using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.TestKit.Serving.Checkpoints;
using M3.Adaptive.TestKit.Time;

namespace M3.Adaptive.EndToEnd.Tests.Service;

/// <summary>What each call of <c>Predictors</c> says, and how it refuses; retraining has tests of its own.</summary>
public sealed class PredictorCallTests : IAsyncLifetime, IDisposable
{
    private const int Good = 2, Failed = 3, Unknown = 9;

    private readonly TinyCheckpoint _checkpoint = TinyCheckpoint.Create();
    private ServiceProcess? _service;
    private Metadata _admin = [];

    private ServiceProcess Service => _service ?? throw new InvalidOperationException("Not started yet.");

    private Predictors.PredictorsClient Client => new(Service.Channel);

    public async Task InitializeAsync()
    {
        var predictors = new TinyPredictors(_checkpoint);
        _service = await ServiceProcess.StartAsync(_checkpoint.Folder);
        predictors.Register(_service.StateFolder, seed: 2);
        predictors.Register(_service.StateFolder, seed: 3, passed: false);
        _admin = await _service.AdminAsync();
    }

    public async Task DisposeAsync() => await Service.DisposeAsync();

    public void Dispose() => _checkpoint.Dispose();

    [Fact]
    public async Task Reads_Versions_TellWhatTheRegistryHolds()
    {
        var all = await Client.ListAsync(new ListPredictorsRequest(), _admin).ResponseAsync.Soon();
        var failed = (await Client.GetAsync(new GetPredictorRequest { Number = Failed }, _admin).ResponseAsync.Soon()).Version;
        var diff = await Client.DiffAsync(new DiffPredictorsRequest { From = 1, To = Good }, _admin).ResponseAsync.Soon();

        Assert.Equal([1, Good, Failed], all.Versions.Select(version => version.Number));
        Assert.Equal((1, null, 0), (all.Champion, all.Challenger, all.Before.Count));
        Assert.Equal(3, all.Versions.Select(version => version.PredictorVersion_).Distinct().Count());
        Assert.Equal(("ada", "drift", 1, false), (failed.MadeBy, failed.Why, failed.Parent, failed.Gate.Passed));
        Assert.Equal(new GateCheck { Name = "accuracy at equal cost", Figure = -0.2 }, Assert.Single(failed.Gate.Checks));
        Assert.Equal(new FigureDifference { Name = "accuracy", To = 0.9 }, diff.Figures.Single(figure => figure.Name == "accuracy"));
    }

    [Fact]
    public async Task Trials_SetChangedAndEnded_AreToldByListAndStatus()
    {
        await Client.SetShadowAsync(new SetShadowRequest { Number = Failed, Why = "look" }, _admin).ResponseAsync.Soon();
        Assert.Equal((Failed, TrialStage.Shadow, 0.0), await TrialAsync());

        await Client.SetCanaryAsync(new SetCanaryRequest { Number = Good }, _admin).ResponseAsync.Soon();
        Assert.Equal((Good, TrialStage.Canary, 0.05), await TrialAsync());

        await Client.SetCanaryAsync(new SetCanaryRequest { Number = Failed, Share = 0.3, Experiment = true, Force = true, Why = "to compare" }, _admin).ResponseAsync.Soon();
        Assert.Equal((Failed, TrialStage.Experiment, 0.3), await TrialAsync());

        Assert.Equal(1, (await Client.RollbackAsync(new RollbackPredictorRequest(), _admin).ResponseAsync.Soon()).Champion);
        Assert.Null(await TrialAsync());

        await Client.SetShadowAsync(new SetShadowRequest { Number = Good }, _admin).ResponseAsync.Soon();
        await Client.SetShadowAsync(new SetShadowRequest(), _admin).ResponseAsync.Soon();
        Assert.Null(await TrialAsync());

        await Client.PromoteAsync(new PromotePredictorRequest { Number = Failed, Force = true, Why = "the gate is wrong here" }, _admin).ResponseAsync.Soon();
        var all = await Client.ListAsync(new ListPredictorsRequest(), _admin).ResponseAsync.Soon();
        Assert.Equal((Failed, 1), (all.Champion, Assert.Single(all.Before)));
    }

    [Fact]
    public async Task Calls_ThatMakeNoSense_AreRefusedByNameAndChangeNothing()
    {
        await RefusedAsync(StatusCode.NotFound, "PREDICTOR_NOT_FOUND", () => Client.GetAsync(new GetPredictorRequest { Number = Unknown }, _admin));
        await RefusedAsync(StatusCode.NotFound, "PREDICTOR_NOT_FOUND", () => Client.DiffAsync(new DiffPredictorsRequest { From = 1, To = Unknown }, _admin));
        await RefusedAsync(StatusCode.NotFound, "PREDICTOR_NOT_FOUND", () => Client.SetShadowAsync(new SetShadowRequest { Number = Unknown }, _admin));
        await RefusedAsync(StatusCode.NotFound, "PREDICTOR_NOT_FOUND", () => Client.SetCanaryAsync(new SetCanaryRequest { Number = Unknown }, _admin));
        await RefusedAsync(StatusCode.NotFound, "PREDICTOR_NOT_FOUND", () => Client.PromoteAsync(new PromotePredictorRequest(), _admin));
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_REQUEST", () => Client.SetShadowAsync(new SetShadowRequest { Number = 1 }, _admin));
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_REQUEST", () => Client.SetShadowAsync(new SetShadowRequest(), _admin));
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_REQUEST", () => Client.SetCanaryAsync(new SetCanaryRequest { Number = Good, Share = 1 }, _admin));
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_REQUEST", () => Client.PromoteAsync(new PromotePredictorRequest { Number = 1 }, _admin));
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_REQUEST", () => Client.PromoteAsync(new PromotePredictorRequest { Number = Failed, Force = true }, _admin));
        await RefusedAsync(StatusCode.FailedPrecondition, "GATE_NOT_PASSED", () => Client.SetCanaryAsync(new SetCanaryRequest { Number = Failed }, _admin));
        await RefusedAsync(StatusCode.FailedPrecondition, "GATE_NOT_PASSED", () => Client.PromoteAsync(new PromotePredictorRequest { Number = Failed, Why = "please" }, _admin));
        await RefusedAsync(StatusCode.FailedPrecondition, "NOTHING_TO_ROLL_BACK", () => Client.RollbackAsync(new RollbackPredictorRequest(), _admin));

        var all = await Client.ListAsync(new ListPredictorsRequest(), _admin).ResponseAsync.Soon();
        Assert.Equal((1, null, 0), (all.Champion, all.Challenger, all.Before.Count));
    }

    [Fact]
    public async Task Calls_OfAnyoneButAnAdmin_AreRefused()
    {
        var client = new Metadata { { "authorization", $"Bearer {(await Service.AdministerAsync("key", "create")).Output.Trim()}" } };
        foreach (var (key, expected) in new[] { (client, StatusCode.PermissionDenied), (new Metadata(), StatusCode.Unauthenticated) })
        {
            Func<Task>[] calls =
            [
                () => Client.ListAsync(new ListPredictorsRequest(), key).ResponseAsync,
                () => Client.GetAsync(new GetPredictorRequest { Number = 1 }, key).ResponseAsync,
                () => Client.DiffAsync(new DiffPredictorsRequest { From = 1, To = 1 }, key).ResponseAsync,
                () => Client.SetShadowAsync(new SetShadowRequest { Number = Good }, key).ResponseAsync,
                () => Client.SetCanaryAsync(new SetCanaryRequest { Number = Good }, key).ResponseAsync,
                () => Client.PromoteAsync(new PromotePredictorRequest { Number = Good }, key).ResponseAsync,
                () => Client.RollbackAsync(new RollbackPredictorRequest(), key).ResponseAsync,
                () => Client.Retrain(new RetrainPredictorRequest(), key).ResponseStream.MoveNext(CancellationToken.None),
            ];
            foreach (var call in calls) Assert.Equal(expected, (await Assert.ThrowsAsync<RpcException>(() => call().Soon())).StatusCode);
        }
    }

    [Fact]
    public async Task Commands_OfTheClient_DoTheSameFromElsewhere()
    {
        Assert.Equal([1, Good, Failed], (await RunAsync("list")).Json["versions"]!.AsArray().Select(version => (int)version!["number"]!));
        Assert.Equal(("ada", false), ((string?)(await RunAsync("show", $"{Failed}")).Json["by"], (bool?)(await RunAsync("show", $"{Failed}")).Json["gate"]?["passed"]));
        Assert.Contains((await RunAsync("diff", "1", $"{Good}")).Json["figures"]!.AsArray(), figure => (string?)figure!["name"] == "accuracy" && (double?)figure["to"] == 0.9);
        Assert.Equal("shadow", (string?)(await RunAsync("shadow", $"{Failed}")).Json["challenger"]?["stage"]);
        Assert.Null((await RunAsync("shadow", "off")).Json["challenger"]);
        Assert.Equal(0.2, (double?)(await RunAsync("canary", $"{Good}", "--share", "0.2")).Json["challenger"]?["share"]);
        Assert.Equal(Good, (int?)(await RunAsync("promote", $"{Good}", "--why", "better")).Json["champion"]);
        Assert.Equal(1, (int?)(await RunAsync("rollback")).Json["champion"]);

        var refused = await RunAsync("promote", $"{Failed}");
        var retrained = await RunAsync("retrain");

        Assert.Equal((2, 2), (refused.ExitCode, retrained.ExitCode));
        Assert.Contains("failed the gate", refused.Error, StringComparison.Ordinal);
        Assert.Contains("there is no full information to train on", retrained.Error, StringComparison.Ordinal);   // the service's training said so
    }

    private Task<Finished> RunAsync(params string[] arguments) => Finished.DotNetAsync(
        [BuiltProgram.Cli, "predictor", .. arguments, "--json", "--server", Service.Address.GetLeftPart(UriPartial.Authority), "--key", _admin.Single().Value["Bearer ".Length..]]);

    private async Task<(int Number, TrialStage Stage, double Share)?> TrialAsync()
    {
        var listed = (await Client.ListAsync(new ListPredictorsRequest(), _admin).ResponseAsync.Soon()).Challenger;
        Assert.Equal(listed, (await Service.Client.StatusAsync(new StatusRequest(), _admin).ResponseAsync.Soon()).Challenger);
        return listed is null ? null : (listed.Number, listed.Stage, listed.Share);
    }

    private static async Task RefusedAsync<T>(StatusCode expected, string reason, Func<AsyncUnaryCall<T>> call)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(() => call().ResponseAsync.Soon());
        Assert.Equal((expected, reason), (refused.StatusCode, refused.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason));
    }
}
