using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using M3.Adaptive.Contracts.V1;
using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.TestKit.Serving.Checkpoints;
using M3.Adaptive.TestKit.Serving.Pictures;
using M3.Adaptive.TestKit.Time;

namespace M3.Adaptive.EndToEnd.Tests.Service;

/// <summary>Outcomes, budgets, keys and the model, over the wire.</summary>
public sealed class AdministrationTests : IAsyncLifetime, IDisposable
{
    private readonly TinyCheckpoint _checkpoint = TinyCheckpoint.Create();
    private ServiceProcess? _service;

    private ServiceProcess Service => _service ?? throw new InvalidOperationException("Not started yet.");

    public async Task InitializeAsync() => _service = await ServiceProcess.StartAsync(_checkpoint.Folder);

    public async Task DisposeAsync() => await Service.DisposeAsync();

    public void Dispose() => _checkpoint.Dispose();

    [Fact]
    public async Task Record_OwnDecision_IsKeptHoweverOftenAndNoOther()
    {
        var outcomes = new Outcomes.OutcomesClient(Service.Channel);
        var decision = (await AskAsync()).Decision.DecisionId;

        foreach (var verdict in (Verdict[])[Verdict.Right, Verdict.Right, Verdict.Wrong])
            await outcomes.RecordAsync(new RecordOutcomeRequest { DecisionId = decision, Verdict = verdict }).ResponseAsync.Soon();
        await outcomes.RecordAsync(new RecordOutcomeRequest { DecisionId = decision, Reference = "a cat" }).ResponseAsync.Soon();

        var unknown = new RecordOutcomeRequest { DecisionId = Guid.NewGuid().ToString(), Verdict = Verdict.Right };
        var refused = await Assert.ThrowsAsync<RpcException>(() => outcomes.RecordAsync(unknown).ResponseAsync.Soon());
        Assert.Equal((StatusCode.NotFound, unknown.DecisionId), (refused.StatusCode, refused.GetRpcStatus()?.GetDetail<ResourceInfo>()?.ResourceName));
    }

    [Fact]
    public async Task OutcomeCommand_OfAnAnswer_IsKeptAndOfNoneIsRefused()
    {
        var decision = (await AskAsync()).Decision.DecisionId;

        var kept = await RunCliAsync("outcome", decision, "right");
        var twice = await RunCliAsync("outcome", decision, "wrong", "--reference", "a cat");
        var unknown = await RunCliAsync("outcome", Guid.NewGuid().ToString(), "unknown");

        Assert.Equal((0, "kept\n", ""), (kept.ExitCode, kept.Output, kept.Error));
        Assert.Equal((2, 2), (twice.ExitCode, unknown.ExitCode));
        Assert.Contains("There is no decision", unknown.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Budgets_SetByAnAdmin_AreToldWithWhatWasCharged()
    {
        var budgets = new Budgets.BudgetsClient(Service.Channel);
        var admin = await Service.AdminAsync();
        Assert.Null((await budgets.GetAsync(new GetBudgetRequest(), admin).ResponseAsync.Soon()).Budget);

        await budgets.SetAsync(new SetBudgetRequest { Tenant = "default", Budget = new Budget { Limit = 1000 } }, admin).ResponseAsync.Soon();

        var told = await budgets.GetAsync(new GetBudgetRequest { Tenant = "default" }, admin).ResponseAsync.Soon();
        Assert.Equal((1000L, BudgetUnit.VisualTokens, 86_400L), (told.Budget.Limit, told.Budget.Unit, told.Budget.Window.Seconds));
        var audit = await budgets.AuditAsync(new AuditBudgetsRequest(), admin).ResponseAsync.Soon();
        Assert.True(audit.Consistent);
        Assert.Equal(audit.Windows, (await budgets.UsageAsync(new GetUsageRequest(), admin).ResponseAsync.Soon()).Windows);
        var refused = await Assert.ThrowsAsync<RpcException>(
            () => budgets.SetAsync(new SetBudgetRequest { Tenant = "default", Budget = new Budget() }, admin).ResponseAsync.Soon());
        Assert.Equal("budget.limit", Assert.Single(refused.GetRpcStatus()?.GetDetail<BadRequest>()?.FieldViolations ?? []).Field);
    }

    [Fact]
    public async Task Keys_MadeListedAndRevoked_AreToldWithoutTheirSecrets()
    {
        var keys = new Keys.KeysClient(Service.Channel);
        var admin = await Service.AdminAsync();

        var made = await keys.CreateAsync(new CreateKeyRequest { Tenant = "tenant-1" }, admin).ResponseAsync.Soon();
        await keys.RevokeAsync(new RevokeKeyRequest { Id = made.Key.Id }, admin).ResponseAsync.Soon();

        Assert.StartsWith($"m3_{made.Key.Id}_", made.Secret, StringComparison.Ordinal);
        Assert.Equal(("tenant-1", KeyRole.Client), (made.Key.Tenant, made.Key.Role));
        var listed = await keys.ListAsync(new ListKeysRequest(), admin).ResponseAsync.Soon();
        Assert.NotNull(Assert.Single(listed.Keys, key => key.Id == made.Key.Id).RevokedAt);
        Assert.DoesNotContain(made.Secret, listed.ToString(), StringComparison.Ordinal);
        var again = await Assert.ThrowsAsync<RpcException>(() => keys.RevokeAsync(new RevokeKeyRequest { Id = made.Key.Id }, admin).ResponseAsync.Soon());
        Assert.Equal((StatusCode.NotFound, made.Key.Id), (again.StatusCode, again.GetRpcStatus()?.GetDetail<ResourceInfo>()?.ResourceName));
    }

    [Fact]
    public async Task Models_Get_StatesWhatAnAnswerIsCharged()
    {
        var answer = await AskAsync();

        var model = await new Models.ModelsClient(Service.Channel).GetAsync(new GetModelRequest { Question = "what is it", MaxNewTokens = 4 }).ResponseAsync.Soon();

        Assert.StartsWith($"{model.Name}@{model.Hash[..12]}", answer.Decision.ModelVersion, StringComparison.Ordinal);
        Assert.Equal([1, 9, 36, 144, 576], model.Ladder.Select(rung => rung.Scale));
        Assert.Equal(answer.Charged.Flops, model.Ladder[3].Cost.Flops);
        Assert.All(model.Ladder, rung => Assert.True(rung.Cost.Seconds > 0 && rung.Fits));
        Assert.Equal((144, false), (model.SafeScale, model.HasPredictorVersion));
        Assert.Equal((16L << 20, 4096, 1024), (model.Limits.RequestBytes, model.Limits.QuestionCharacters, model.Limits.NewTokens));
    }

    private Task<GenerateResponse> AskAsync() => Service.Client.GenerateAsync(new GenerateRequest
    {
        Image = new Image { Data = ByteString.CopyFrom(PlainPicture.Png(10, 200, 10)) },
        Question = "what is it",
        Decoding = new DecodingOptions { MaxNewTokens = 4 },
    }).ResponseAsync.Soon();

    private Task<Finished> RunCliAsync(params string[] arguments) =>
        Finished.DotNetAsync([BuiltProgram.Cli, .. arguments, "--server", Service.Address.GetLeftPart(UriPartial.Authority)]);
}
