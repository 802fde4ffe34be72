using M3.Adaptive.Core;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Requests;
using M3.Adaptive.Routing.Tests.Doubles;
using M3.Adaptive.Routing.Wishes;
using Xunit;

namespace M3.Adaptive.Routing.Tests.Requests;

public sealed class RouteHandlerTests : IDisposable
{
    private readonly RoutingBench _bench = new();

    public void Dispose()
    {
        Assert.Equal(0, _bench.Generator.Held);
        _bench.Dispose();
    }

    [Fact]
    public async Task Send_Quality_ExplainsEveryScaleAndRunsNothing()
    {
        var reply = await _bench.SendAsync(Ask(new RoutingWish { Policy = new PolicyWish.Quality(0.05), MinScale = 9, Caps = new(200, null) }));

        Assert.Equal((144, StepReason.Quality), (reply.Scale.Tokens, reply.Reason));
        Assert.Equal([false, true, true, true, false], reply.Forecasts.Select(forecast => forecast.Eligible));
        Assert.Equal([0.2f, 0.4f, 0.6f, 0.85f, 0.9f], reply.Forecasts.Select(forecast => forecast.PredictedSuccess ?? -1));
        Assert.Equal([false, true, true, true, false], reply.Forecasts.Select(forecast => forecast.Value is not null));
        Assert.Equal(144, reply.Forecasts.MaxBy(forecast => forecast.Value)!.Scale.Tokens);
        Assert.Equal(Costs.Ladder(16), reply.Forecasts.Select(forecast => forecast.Estimated));
        Assert.Empty(_bench.Generator.Ran);
    }

    [Fact]
    public async Task Send_Always_LogsTheDecisionWithAnEmptyPath()
    {
        var reply = await _bench.SendAsync(Ask(RoutingWish.Default));

        var logged = Assert.Single(_bench.Log.Decisions);
        Assert.Equal(reply.Decision.Id, logged.DecisionId);
        Assert.Empty(logged.Path);
        Assert.Equal(Cost.Zero, logged.Charged);
    }

    [Fact]
    public async Task Send_ShadowThatDisagrees_IsLoggedAndNotHeeded()
    {
        var shadow = new FakePredictor { Version = "predictor-2", OnPredict = static _ => Costs.Prediction(0.9f, 0.9f, 0.9f, 0.9f, 0.9f) };
        _bench.Roster.OnTurn = (_, _) => new PredictorTurn(_bench.Predictor, PredictorAlias.Champion, 0.9, shadow);

        var reply = await _bench.SendAsync(Ask(new RoutingWish { Policy = new PolicyWish.Quality(0.05) }));

        Assert.Equal(144, reply.Scale.Tokens);
        var logged = Assert.Single(_bench.Log.Decisions);
        Assert.Equal(("predictor-1", PredictorAlias.Champion, 0.9), (logged.PredictorVersion, logged.Alias, logged.AliasPropensity));
        Assert.Equal(("predictor-2", 1), (logged.Shadow?.PredictorVersion, logged.Shadow?.VisualTokens));
        Assert.All(logged.Shadow?.Success ?? [], static success => Assert.Equal(0.9f, success));
    }

    [Fact]
    public async Task Send_ShadowThatFails_CostsNothingButItsRecord()
    {
        _bench.ExpectsErrors = true;
        var shadow = new FakePredictor { Version = "predictor-2", OnPredict = static _ => throw new InvalidOperationException("broken") };
        _bench.Roster.OnTurn = (_, _) => new PredictorTurn(_bench.Predictor, Shadow: shadow);

        await _bench.SendAsync(Ask(RoutingWish.Default));

        Assert.Null(Assert.Single(_bench.Log.Decisions).Shadow);
    }

    [Fact]
    public async Task Send_TurnOfTheChallenger_DecidesByItsPricesAndIsLoggedAsItsOwn()
    {
        var challenger = new FakePredictor { Version = "predictor-2", Prices = new([new(0.05, 0.1, 0.01)], []) };
        _bench.Roster.OnTurn = (_, _) => new PredictorTurn(challenger, PredictorAlias.Challenger, 0.1);

        var reply = await _bench.SendAsync(Ask(new RoutingWish { Policy = new PolicyWish.Quality(0.05) }));

        Assert.True(reply.Scale.Tokens < 144);
        Assert.Equal("predictor-2", reply.Decision.PredictorVersion);
        var logged = Assert.Single(_bench.Log.Decisions);
        Assert.Equal(("predictor-2", PredictorAlias.Challenger, 0.1), (logged.PredictorVersion, logged.Alias, logged.AliasPropensity));
    }

    [Fact]
    public async Task Send_Weighed_ExpectsThePlanAndAtMostEveryEscalation()
    {
        var reply = await _bench.SendAsync(Ask(new RoutingWish { Policy = new PolicyWish.Economy(0.002), MinScale = 36, Caps = new(700, null) }));

        // 36 is put right by 144 with (0.85 - 0.6) / 0.4 of its wrong answers; half of that plan is believed.
        Assert.Equal(36, reply.Scale.Tokens);
        Assert.Equal(36 + 0.5 * 0.4 * 144, reply.Expected.VisualTokens, 3);
        Assert.Equal(700, reply.Worst.VisualTokens);
        Assert.Equal(_bench.Generator.ContextRoom.Text, reply.TextTokens);
    }

    [Fact]
    public async Task Send_ModelHasWorkBefore_TellsItBesideTheCosts()
    {
        var idle = await _bench.SendAsync(Ask(RoutingWish.Default));
        _bench.Generator.Backlog = TimeSpan.FromSeconds(3);

        var busy = await _bench.SendAsync(Ask(RoutingWish.Default));

        Assert.Equal((TimeSpan.Zero, TimeSpan.FromSeconds(3)), (idle.Waiting, busy.Waiting));
        Assert.Equal(idle.Forecasts, busy.Forecasts);
    }

    [Fact]
    public async Task Send_Fixed_ExpectsExactlyThat()
    {
        var reply = await _bench.SendAsync(Ask(new RoutingWish { Policy = new PolicyWish.Fixed(36) }));

        Assert.Equal(reply.Forecasts[2].Estimated, reply.Worst);
        Assert.Equal((MeanCost)reply.Worst, reply.Expected);
    }

    [Fact]
    public async Task Send_BudgetRunsLow_TellsItFromTheRequestsOwnCaps()
    {
        _bench.Budgets.Budget = FakeLedger.Tokens(100);

        var reply = await _bench.SendAsync(Ask(new RoutingWish { Caps = new(200, null) }));

        Assert.Equal([true, true, true, true, false], reply.Forecasts.Select(forecast => forecast.WithinCaps));
        Assert.Equal([true, true, true, false, true], reply.Forecasts.Select(forecast => forecast.WithinBudget));
        Assert.Equal([true, true, true, false, false], reply.Forecasts.Select(forecast => forecast.Eligible));
        Assert.True(reply.Worst.VisualTokens <= 100);
        Assert.Equal(0, _bench.Budgets.Reserved);
    }

    [Fact]
    public async Task Send_LongQuestion_TellsWhichScalesHaveNoRoom()
    {
        _bench.Generator.ContextRoom = new ContextRoom(900, 1024);

        var reply = await _bench.SendAsync(Ask(RoutingWish.Default));

        Assert.Equal([true, true, true, false, false], reply.Forecasts.Select(forecast => forecast.HasRoom));
    }

    [Fact]
    public async Task Send_SameOptionsAsGenerate_ChoosesAndBoundsWhatGenerateDoes()
    {
        _bench.Predictor.OnJudge = _ => 0.1f;
        var generate = RoutingBench.Ask(new PolicyWish.Economy(0.0005), tokens: 650) with { Decoding = new DecodingWish(16, 0.5f, 0.9f, 3) };

        var estimate = await _bench.SendAsync(new RouteQuery
        {
            Image = generate.Image,
            Question = generate.Question,
            Routing = generate.Routing,
            Decoding = generate.Decoding,
        });
        var reply = await _bench.SendAsync(generate);

        Assert.Equal(reply.Path[0].Scale, estimate.Scale);
        Assert.True(reply.Charged.VisualTokens <= estimate.Worst.VisualTokens && reply.Charged.Flops <= estimate.Worst.Flops);
        Assert.Equal(Costs.Ladder(16), estimate.Forecasts.Select(forecast => forecast.Estimated));
    }

    [Fact]
    public async Task Send_TwoLengths_ContradictEachOther() =>
        await Assert.ThrowsAsync<InvalidRequestException>(() => _bench.SendAsync(Ask(RoutingWish.Default) with { Decoding = new DecodingWish(8, null, null, null) }));

    [Fact]
    public async Task Send_InvalidLength_IsRefused() =>
        await Assert.ThrowsAsync<InvalidRequestException>(() => _bench.SendAsync(Ask(RoutingWish.Default) with { MaxNewTokens = 0 }));

    private static RouteQuery Ask(RoutingWish wish) => new()
    {
        Image = new ImageSource.Bytes(RoutingBench.Image),
        Question = "what is it",
        Routing = wish,
        MaxNewTokens = 16,
    };
}
