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
