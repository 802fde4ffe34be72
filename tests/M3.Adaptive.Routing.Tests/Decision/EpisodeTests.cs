using M3.Adaptive.Core;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Tests.Doubles;
using Xunit;

namespace M3.Adaptive.Routing.Tests.Decision;

public sealed class EpisodeTests
{
    private static readonly ScalePrediction Prediction = Costs.Prediction(0.1f, 0.85f, 0.1f, 0.1f, 0.9f);

    [Fact]
    public void Observe_LowConfidence_NamesTheFinerScaleThenSettles()
    {
        var start = Start(Costs.Rules());

        var escalated = start.Observe(0.1f, Costs.Of(VisualScale.Of(9), 2), remaining: null);
        var settled = escalated.Observe(0.2f, Costs.Of(VisualScale.Finest, 2), remaining: null);

        Assert.Equal((9, 576), (start.Next!.Value.Tokens, escalated.Next!.Value.Tokens));
        Assert.Equal((null, SettledReason.Finest, 585L), (settled.Next, settled.Settled, settled.Charged.VisualTokens));
        Assert.Equal(
            [
                new(VisualScale.Of(9), StepReason.Quality, 0.85f, 0.1f, Costs.Of(VisualScale.Of(9), 2)),
                new(VisualScale.Finest, StepReason.LowConfidence, 0.9f, 0.2f, Costs.Of(VisualScale.Finest, 2)),
            ],
            settled.Path);
    }

    [Fact]
    public void Observe_NoConfidenceModel_RecordsNone() =>
        Assert.Null(Start(Costs.Rules()).Observe(float.NaN, Cost.Zero, remaining: null).Path[0].Confidence);

    [Fact]
    public void Observe_Settled_IsRefused()
    {
        var settled = Start(Costs.Rules()).Observe(1, Cost.Zero, remaining: null);

        Assert.Throws<InvalidOperationException>(() => settled.Observe(1, Cost.Zero, remaining: null));
        Assert.Throws<InvalidOperationException>(settled.ObserveNoRoom);
    }

    [Fact]
    public void ObserveNoRoom_FirstScale_IsRefused() => Assert.Throws<InvalidOperationException>(Start(Costs.Rules()).ObserveNoRoom);

    [Fact]
    public void TryStart_NothingFits_SaysWhatItWouldCost()
    {
        Assert.False(Episode.TryStart(Costs.Rules() with { Caps = new Caps(null, 1) }, Prediction, Costs.Ladder(), default, out _, out var refusal));

        Assert.Equal(new ScaleRefusal(VisualScale.Coarsest, Costs.Of(VisualScale.Coarsest, 64), TooLong: false), refusal);
    }

    private static Episode Start(RoutingRules rules)
    {
        Assert.True(Episode.TryStart(rules, Prediction, Costs.Ladder(), default, out var episode, out _));
        return episode;
    }
}
