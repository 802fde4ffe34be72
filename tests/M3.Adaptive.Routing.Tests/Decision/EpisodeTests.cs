using M3.Adaptive.Core;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Tests.Doubles;
using Xunit;

namespace M3.Adaptive.Routing.Tests.Decision;

public sealed class EpisodeTests
{
    private static readonly ScalePrediction Prediction = Costs.Prediction(0.1f, 0.85f, 0.1f, 0.1f, 0.9f);

    [Fact]
    public void Observe_GoingOnIsWorthMore_NamesTheFinerScaleThenSettles()
    {
        var start = Start(Costs.Rules());
        var (first, second) = (Costs.Forecast(VisualScale.Of(9), 0, 0.1f, 0.1f, 0.1f, 0.8f), Costs.Forecast(VisualScale.Finest, 0, 0, 0, 0, 0.2f));

        var escalated = start.Observe(first, Costs.Of(VisualScale.Of(9), 2), remaining: null);
        var settled = escalated.Observe(second, Costs.Of(VisualScale.Finest, 2), remaining: null);

        Assert.Equal((9, 576), (start.Next!.Value.Tokens, escalated.Next!.Value.Tokens));
        Assert.Equal((null, SettledReason.Finest, 585L), (settled.Next, settled.Settled, settled.Charged.VisualTokens));
        Assert.Equal(
            [(9, StepReason.Economy, 0.85f, 0.1f), (576, StepReason.Value, 0.8f, 0.2f)],
            settled.Path.Select(step => (step.Scale.Tokens, step.Reason, step.Before?.Routed ?? -1, step.After?.Routed ?? -1)));
        Assert.Equal(settled.Charged, Cost.Sum(settled.Path.Select(step => step.Charged)));
    }

    [Fact]
    public void Observe_EachStep_StatesWhatWasWeighedBeforeItAndWhatFinerScalesWouldAdd()
    {
        var first = Costs.Forecast(VisualScale.Of(9), 0, 0.1f, 0.1f, 0.1f, 0.8f);

        var settled = Start(Costs.Rules()).Observe(first, Cost.Zero, remaining: null).Observe(Costs.Forecast(VisualScale.Finest, 0, 0, 0, 0, 0.2f), Cost.Zero, remaining: null);

        Assert.Equal([1, 9, 36, 144, 576], settled.Path[0].Weighed.Select(option => option.Scale?.Tokens ?? 0));
        Assert.Equal([0, 36, 144, 576], settled.Path[1].Weighed.Select(option => option.Scale?.Tokens ?? 0));
        Assert.Equal((0.7f, 0f), (settled.Path[0].ExpectedGain, settled.Path[1].ExpectedGain));
        Assert.Empty(settled.Weighed);
    }

    [Fact]
    public void Observe_CorrectedForecast_IsReportedAndNotRoutedOn()
    {
        var forecast = Costs.Forecast(VisualScale.Of(9), 0, 0.9f, 0.91f, 0.92f, 0.93f) with { Reported = [float.NaN, 0.3f, 0.35f, 0.4f, 0.45f], Unfamiliar = true };

        var settled = Start(Costs.Rules()).Observe(forecast, Cost.Zero, remaining: null);

        Assert.Equal(SettledReason.NoExpectedGain, settled.Settled);
        Assert.Equal((new Likelihood(0.9f, 0.3f), true), (settled.Path[0].After, settled.Path[0].Unfamiliar));
        Assert.Equal(0.15f, settled.Path[0].ExpectedGain!.Value, 5);
    }

    [Fact]
    public void Observe_UnjudgedAnswer_RecordsNoConfidence()
    {
        var step = Start(Costs.Rules()).Observe(null, Cost.Zero, remaining: null).Path[0];

        Assert.Equal((null, null), (step.After, step.ExpectedGain));
    }

    [Fact]
    public void Observe_Settled_IsRefused()
    {
        var settled = Start(Costs.Rules()).Observe(null, Cost.Zero, remaining: null);

        Assert.Throws<InvalidOperationException>(() => settled.Observe(null, Cost.Zero, remaining: null));
        Assert.Throws<InvalidOperationException>(settled.ObserveNoRoom);
    }

    [Fact]
    public void ObserveNoRoom_FirstScale_IsRefused() => Assert.Throws<InvalidOperationException>(Start(Costs.Rules()).ObserveNoRoom);

    [Fact]
    public void TryStart_NothingFits_SaysWhatItWouldCost()
    {
        Assert.False(Episode.TryStart(Costs.Rules() with { Caps = new Caps(null, 1) }, Prediction, Costs.Ladder(), default, null, out _, out var refusal));

        Assert.Equal(new ScaleRefusal(VisualScale.Coarsest, Costs.Of(VisualScale.Coarsest, 64), TooLong: false), refusal);
    }

    private static Episode Start(RoutingRules rules)
    {
        Assert.True(Episode.TryStart(rules, Prediction, Costs.Ladder(), default, null, out var episode, out _));
        return episode;
    }
}
