using M3.Adaptive.Core;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Tests.Doubles;
using Xunit;

namespace M3.Adaptive.Routing.Tests.Decision;

public sealed class EscalatorTests
{
    private static readonly float[] Unsure = [0.1f, 0.1f, 0.6f, 0.8f, 0.9f];

    [Theory]
    [InlineData(4, 9, null, SettledReason.MaxEscalations)]
    [InlineData(0, 576, null, SettledReason.Finest)]
    [InlineData(0, 9, 44L, SettledReason.Cap)]
    [InlineData(0, 9, 100L, SettledReason.None)]                              // 36 fits where 144, which is worth more, does not
    public void Next_LimitInTheWay_SaysWhich(int escalations, int scale, long? cap, SettledReason reason) =>
        Assert.Equal(reason, Next(Costs.Rules() with { Caps = new Caps(cap, null) }, scale, Unsure, escalations).Settled);

    [Fact]
    public void Next_EscalationOff_SaysSo() =>
        Assert.Equal(SettledReason.EscalationOff, Next(Costs.Rules() with { Escalation = EscalationRules.Off }, 1, Unsure).Settled);

    [Fact]
    public void Next_UnjudgedAnswer_Stops()
    {
        var verdict = Escalator.Next(Costs.Rules(), null, Costs.Ladder(), new Standing(VisualScale.Of(9), 0, Cost.Zero, null));

        Assert.Equal((null, SettledReason.NoConfidence), (verdict.Next, verdict.Settled));
    }

    [Fact]
    public void Next_QuestionTooLongForAnyFinerScale_SaysNoRoom() =>
        Assert.Equal(SettledReason.NoRoom, Next(Costs.Rules() with { Room = new ContextRoom(1000, 1024) }, 9, Unsure).Settled);

    [Fact]
    public void Next_LadderEndsHere_IsTheFinest() =>
        Assert.Equal(SettledReason.Finest, Next(Costs.Rules() with { Ladder = [VisualScale.Of(1), VisualScale.Of(9)] }, 9, Unsure).Settled);

    [Fact]
    public void Next_CapLeavesExactlyEnough_Runs() =>
        Assert.Equal(VisualScale.Of(36), Next(Costs.Rules() with { Caps = new Caps(45, null) }, 9, Unsure).Next);      // 9 charged, 36 more

    [Fact]
    public void Next_OnlyTheFinestHelps_SkipsRungs() =>
        Assert.Equal(VisualScale.Finest, Next(Costs.Rules(), 1, [0.1f, 0.1f, 0.1f, 0.1f, 0.95f]).Next);

    [Fact]
    public void Next_ACheaperScaleDoesNearlyAsWell_TakesIt() =>
        Assert.Equal(VisualScale.Of(36), Next(Costs.Rules(), 1, [0.1f, 0.1f, 0.9f, 0.92f, 0.95f]).Next);

    [Theory]
    [InlineData(0.75f, null)]                                                 // 0.9 - 0.144 is 0.756 at most, and 0.75 is in hand
    [InlineData(0.77f, SettledReason.NoExpectedGain)]
    public void Next_Confidence_IsComparedWithTheWorthOfGoingOn(float confidence, SettledReason? settled) =>
        Assert.Equal(settled ?? SettledReason.None, Next(Costs.Rules(), 36, [0, 0, confidence, 0.9f, 0.9f]).Settled);

    [Fact]
    public void Next_FinerIsPredictedNoBetter_Stops() =>
        Assert.Equal(SettledReason.NoExpectedGain, Next(Costs.Rules(), 9, [0, 0.5f, 0.5f, 0.4f, 0.51f]).Settled);

    [Fact]
    public void Next_Always_StatesWhatWasWeighed()
    {
        var verdict = Next(Costs.Rules(), 144, [0, 0, 0, 0.3f, 0.9f]);

        Assert.Equal([null, VisualScale.Finest], verdict.Weighed.Select(option => option.Scale));
        Assert.Equal([0.3, 0.324], verdict.Weighed.Select(option => Math.Round(option.Value, 3)));
    }

    [Fact]
    public void Next_DeadlineTooNear_Stops()
    {
        float[] forecast = [0, 0, 0, 0.1f, 0.9f];

        var near = Next(Costs.Rules(), 144, forecast, remaining: TimeSpan.FromMilliseconds(639));
        var enough = Next(Costs.Rules(), 144, forecast, remaining: TimeSpan.FromMilliseconds(641));

        Assert.Equal(SettledReason.Deadline, near.Settled);
        Assert.Equal(VisualScale.Finest, enough.Next);
    }

    private static EscalationVerdict Next(RoutingRules rules, int scale, float[] success, int escalations = 0, TimeSpan? remaining = null)
    {
        var last = VisualScale.Of(scale);
        return Escalator.Next(rules, Costs.Forecast(last, success), Costs.Ladder(), new Standing(last, escalations, Costs.Of(last, 4), remaining));
    }
}
