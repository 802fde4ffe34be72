using M3.Adaptive.Core;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Tests.Doubles;
using Xunit;

namespace M3.Adaptive.Routing.Tests.Decision;

public sealed class EscalatorTests
{
    private static readonly ScalePrediction Rising = Costs.Prediction(0.2f, 0.4f, 0.6f, 0.8f, 0.9f);

    [Theory]
    [InlineData(0.5f, 0, 9, null, SettledReason.Confident)]
    [InlineData(0.1f, 2, 9, null, SettledReason.MaxEscalations)]
    [InlineData(0.1f, 0, 576, null, SettledReason.Finest)]
    [InlineData(0.1f, 0, 9, 44L, SettledReason.Cap)]
    [InlineData(float.NaN, 0, 9, null, SettledReason.NoConfidence)]
    public void Next_NothingToDo_SaysWhy(float confidence, int escalations, int scale, long? cap, SettledReason reason)
    {
        var verdict = Next(Costs.Rules() with { Caps = new Caps(cap, null) }, Rising, scale, confidence, escalations);

        Assert.Equal(new EscalationVerdict(null, reason), verdict);
    }

    [Fact]
    public void Next_EscalationOff_SaysSo() =>
        Assert.Equal(SettledReason.EscalationOff, Next(Costs.Rules() with { Escalation = EscalationRules.Off }, Rising, 1, 0).Settled);

    [Fact]
    public void Next_QuestionTooLongForAnyFinerScale_SaysNoRoom() =>
        Assert.Equal(SettledReason.NoRoom, Next(Costs.Rules() with { Room = new ContextRoom(1000, 1024) }, Rising, 9, 0.1f).Settled);

    [Fact]
    public void Next_LadderEndsHere_IsTheFinest() =>
        Assert.Equal(SettledReason.Finest, Next(Costs.Rules() with { Ladder = [VisualScale.Of(1), VisualScale.Of(9)] }, Rising, 9, 0.1f).Settled);

    [Fact]
    public void Next_CapLeavesExactlyEnough_Runs()
    {
        var rules = Costs.Rules() with { Caps = new Caps(45, null) };        // 9 charged, 36 more

        Assert.Equal(VisualScale.Of(36), Next(rules, Rising, 9, 0.1f).Next);
    }

    [Fact]
    public void Next_OnlyTheFinestHelps_SkipsRungs() =>
        Assert.Equal(VisualScale.Finest, Next(Costs.Rules(), Costs.Prediction(0.1f, 0.1f, 0.1f, 0.1f, 0.95f), 1, 0.05f).Next);

    [Fact]
    public void Next_ACheaperScaleIsExpectedToSettle_TakesIt() =>
        Assert.Equal(VisualScale.Of(36), Next(Costs.Rules(), Costs.Prediction(0.1f, 0.1f, 0.9f, 0.92f, 0.95f), 1, 0.05f).Next);

    [Fact]
    public void Next_CheapScaleHelpsLittle_PrefersTheOneExpectedToSettle() =>
        Assert.Equal(VisualScale.Of(144), Next(Costs.Rules(), Costs.Prediction(0.1f, 0.3f, 0.4f, 0.8f, 0.85f), 9, 0.1f).Next);

    [Fact]
    public void Next_FinerIsPredictedNoBetter_Stops() =>
        Assert.Equal(SettledReason.NoExpectedGain, Next(Costs.Rules(), Costs.Prediction(0.1f, 0.5f, 0.5f, 0.4f, 0.51f), 9, 0.1f).Settled);

    [Fact]
    public void Next_NoPrediction_TakesTheNextThatFits() =>
        Assert.Equal(VisualScale.Finest, Next(Costs.Rules(), null, 144, 0.1f).Next);

    [Fact]
    public void Next_DeadlineTooNear_Stops()
    {
        var near = Next(Costs.Rules(), Rising, 144, 0.1f, remaining: TimeSpan.FromMilliseconds(639));
        var enough = Next(Costs.Rules(), Rising, 144, 0.1f, remaining: TimeSpan.FromMilliseconds(641));

        Assert.Equal(SettledReason.Deadline, near.Settled);
        Assert.Equal(VisualScale.Finest, enough.Next);
    }

    [Theory]
    [InlineData(0.4f, 0.8f, 0.0f, 2.0 / 3)]
    [InlineData(0.4f, 0.8f, 0.7f, 0.2)]
    [InlineData(0.8f, 0.4f, 0.0f, 0.0)]
    [InlineData(1.0f, 1.0f, 0.0f, 0.0)]
    public void ExpectedGain_IsTheChanceOfPuttingAWrongAnswerRight(float here, float there, float confidence, double gain) =>
        Assert.Equal(gain, Escalator.ExpectedGain(Costs.Prediction(here, there, 0, 0, 0), VisualScale.Of(1), VisualScale.Of(9), confidence), 6);

    private static EscalationVerdict Next(
        RoutingRules rules, ScalePrediction? prediction, int scale, float confidence, int escalations = 0, TimeSpan? remaining = null) =>
        Escalator.Next(rules, prediction, Costs.Ladder(), new Standing(VisualScale.Of(scale), escalations, confidence, Costs.Of(VisualScale.Of(scale), 4), remaining));
}
