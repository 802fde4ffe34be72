using M3.Adaptive.Inference.Scheduling;
using Xunit;

namespace M3.Adaptive.Inference.Tests.Scheduling;

public sealed class StepCostTests
{
    private readonly StepCost _cost = new(
        from rows in new[] { 1, 4, 16 } from each in new[] { 50, 400 } select (rows, (long)rows * each, 1e-3 + (rows * 1e-4) + (rows * each * 1e-7)),
        from positions in new[] { 8, 32, 128, 512 } select (40, positions, 2e-3 + (positions * 1e-4) + (StepCost.Pairs(40, positions) * 1e-8)),
        [5e-3, 1e-3]);

    [Fact]
    public void Decode_OtherBatches_FollowTheMeasuredRates() => Assert.Equal(1e-3 + 8e-4 + (8 * 200e-7), _cost.Decode(8, 8 * 200), 1e-4);

    [Fact]
    public void Prefill_OtherLengths_FollowTheMeasuredRates() => Assert.Equal(2e-3 + 300e-4 + (StepCost.Pairs(100, 300) * 1e-8), _cost.Prefill(100, 300), 1e-3);

    [Fact]
    public void Encode_AllSlices_IsTheirSum() => Assert.Equal(6e-3, _cost.Encode, 1e-9);

    [Fact]
    public void ObserveDecode_MachineTwiceAsSlow_IsLearnt()
    {
        var before = _cost.Decode(8, 1600);

        for (var i = 0; i < 100; i++) _cost.ObserveDecode(8, 1600, 2 * before);

        Assert.Equal(2 * before, _cost.Decode(8, 1600), before * 0.01);
        Assert.Equal(2e-3 + 300e-4, _cost.Prefill(0, 300), 2e-3);                 // of another kind
    }

    [Fact]
    public void ObservePrefill_OneOutlier_ShiftsLittle()
    {
        var before = _cost.Prefill(0, 100);

        _cost.ObservePrefill(100, StepCost.Pairs(0, 100), 1000 * before);

        Assert.InRange(_cost.Prefill(0, 100) / before, 1, 1.2);
    }

    [Fact]
    public void Answer_SeveralTokens_IsPrefillAndAPassForEachFurtherOne()
    {
        Assert.Equal(_cost.Prefill(40, 60), _cost.Answer(40, 60, 1));
        Assert.Equal(_cost.Prefill(40, 60) + _cost.Decode(1, 101) + _cost.Decode(1, 102), _cost.Answer(40, 60, 3), 1e-6);
    }

    [Fact]
    public void Prefill_TwoMeasurementsAlone_GrowsWithThePositions()
    {
        var large = new StepCost([(1, 40, 0.3), (4, 160, 0.4)], [(40, 8, 1.0), (40, 32, 3.0)], [1]);

        Assert.InRange(large.Prefill(40, 600), 30, 120);
        Assert.InRange(large.Decode(8, 320), 0.4, 0.8);
    }

    [Theory]
    [InlineData(0.1, 1)]                                                          // no time for even one: it is done all the same
    [InlineData(0.6, 2)]
    [InlineData(9, 4)]
    public void PicturesTogether_SomeSeconds_AreAsManyAsTheLongestSliceAllows(double seconds, int expected)
    {
        var cost = new StepCost([(1, 40, 0.3)], [(40, 8, 1.0)], [0.1, 0.3]) { MostPictures = 4 };

        Assert.Equal(expected, cost.PicturesTogether(seconds));
        Assert.Equal(1, new StepCost([(1, 40, 0.3)], [(40, 8, 1.0)], [0.1, 0.3]).PicturesTogether(seconds));
    }
}
