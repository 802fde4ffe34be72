using M3.Adaptive.Core;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Limits;
using M3.Adaptive.Routing.Requests;
using M3.Adaptive.Routing.Tests.Doubles;
using M3.Adaptive.Routing.Wishes;
using Xunit;

namespace M3.Adaptive.Routing.Tests.Limits;

/// <summary>What a key may be given a minute: here no more than the finest scale once. Coming back takes so long that a slow test sees little of it.</summary>
public sealed class ScaleLimitsTests : IDisposable
{
    private readonly RoutingBench _bench = new(($"{ScaleLimitOptions.Section}:{nameof(ScaleLimitOptions.VisualTokensPerMinute)}", "576"));

    private readonly Caller _one = new("acme", KeyRole.Client, "a1"), _other = new("acme", KeyRole.Client, "b2");

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Send_BeyondTheKeysAllowance_IsToldWhenItIsThereAgain()
    {
        await AskAsync(_one, 576);

        var broken = await Assert.ThrowsAsync<RouteInterruptedException>(() => AskAsync(_one, 576));

        var refused = Assert.IsType<ScaleRateException>(broken.Cause);
        Assert.InRange(refused.RetryAfter, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        Assert.Empty(broken.Route.Path);
    }

    [Fact]
    public async Task Send_AnotherKeyOfTheTenant_HasItsOwnAllowance()
    {
        await AskAsync(_one, 576);

        Assert.Equal(576, (await AskAsync(_other, 576)).Charged.VisualTokens);
    }

    [Fact]
    public async Task Send_EscalationBeyondTheAllowance_ReturnsTheAnswerInHand()
    {
        _bench.Predictor.OnPredict = _ => Costs.Prediction(0.1f, 0.85f, 0.1f, 0.1f, 0.9f);
        _bench.Predictor.OnJudge = _ => 0.1f;
        for (var i = 0; i < 3; i++) await AskAsync(_one, 144);

        var reply = await _bench.SendAsync(RoutingBench.Ask(new PolicyWish.Quality(0.05)) with { Caller = _one });

        Assert.Equal((SettledReason.NoRoom, 9L), (reply.Settled, reply.Charged.VisualTokens));
    }

    [Fact]
    public async Task Send_WithoutALimit_Runs()
    {
        using var bench = new RoutingBench();

        for (var i = 0; i < 3; i++) Assert.Equal(576, (await bench.SendAsync(RoutingBench.Ask(new PolicyWish.Fixed(576)))).Charged.VisualTokens);
    }

    private Task<GenerateReply> AskAsync(Caller caller, int scale) => _bench.SendAsync(RoutingBench.Ask(new PolicyWish.Fixed(scale)) with { Caller = caller });
}
