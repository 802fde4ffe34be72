using M3.Adaptive.Core;
using M3.Adaptive.Predictor.Drift;
using Xunit;

namespace M3.Adaptive.Predictor.Tests.Drift;

public sealed class DriftStatisticsTests
{
    private static readonly DriftOptions Options = new();

    private static readonly DriftReference Home = DriftReference.Of(Requests(3000, seed: 1));

    [Fact]
    public void Compare_TheSameTraffic_RaisesNoAlarm()
    {
        for (var seed = 2; seed < 22; seed++)
        {
            var report = DriftStatistics.Compare(Home, Requests(Options.LeastRequests, seed), Options);

            Assert.Equal(DriftStatistics.Measures, report.Measures.Select(measure => measure.Name));
            Assert.All(report.Measures, measure => Assert.NotNull(measure.Value));
            Assert.False(report.Alarms.Any(), $"seed {seed}: {string.Join(", ", report.Alarms)}");
        }
    }

    [Theory]
    [InlineData("features")]
    [InlineData("scales")]
    [InlineData("escalations")]
    [InlineData("calibration")]
    [InlineData("unfamiliar")]
    public void Compare_OneThingChanged_RaisesItsAlarmAlone(string changed)
    {
        var requests = Requests(1000, seed: 30).Select((request, i) => changed switch
        {
            "features" => request with { Features = [request.Features[0], request.Features[1] + 1, request.Features[2]] },
            "scales" => request with { First = i % 2 == 0 ? VisualScale.Of(144) : request.First },
            "escalations" => request with { Escalated = request.Escalated || i % 5 == 0 },
            "calibration" => request with { Confidence = request.Confidence + 0.1f },
            _ => request with { Unfamiliar = request.Unfamiliar || i % 8 == 0 },
        });

        var report = DriftStatistics.Compare(Home, [.. requests], Options);

        Assert.Equal(changed, Assert.Single(report.Alarms).Name);
        if (changed == "features") Assert.Equal(1, report.MostShiftedFeature);
    }

    [Fact]
    public void Compare_FewRequests_SaysNothing() =>
        Assert.All(DriftStatistics.Compare(Home, Requests(Options.LeastRequests - 1, seed: 3).Select(request => request with { Right = null }).ToArray(), Options).Measures, measure => Assert.Null(measure.Value));

    [Fact]
    public void Compare_NoRequests_SaysNothing() => Assert.Empty(DriftStatistics.Compare(Home, [], Options).Alarms);

    [Fact]
    public void Compare_NoAnswerKnown_SaysNothingOfCalibrationAlone()
    {
        var report = DriftStatistics.Compare(Home, Requests(1000, seed: 4).Select(request => request with { Right = null }).ToArray(), Options);

        Assert.Equal(["calibration"], report.Measures.Where(measure => measure.Value is null).Select(measure => measure.Name));
    }

    [Fact]
    public void Compare_MoreThanTheWindow_LooksAtTheLatest()
    {
        var shifted = Requests(Options.Window, seed: 5).Select(request => request with { Features = [.. request.Features.Select(value => value + 5)] });

        Assert.NotEmpty(DriftStatistics.Compare(Home, [.. Requests(5000, seed: 6), .. shifted], Options).Alarms);
        Assert.Empty(DriftStatistics.Compare(Home, [.. shifted, .. Requests(Options.Window, seed: 6)], Options).Alarms);
    }

    [Fact]
    public void Compare_RequestsWithoutFeatures_AreLeftOut() =>
        Assert.Equal(0, DriftStatistics.Compare(Home, Requests(1000, seed: 7).Select(request => request with { Features = [] }).ToArray(), Options).Requests);

    [Fact]
    public void StabilityIndex_SharesMoved_IsTheSumOfTheirLogRatios() =>
        Assert.Equal(0.2 * Math.Log(0.7 / 0.5) - 0.2 * Math.Log(0.3 / 0.5), BinnedDistribution.StabilityIndex([0.5f, 0.5f], [0.7f, 0.3f], 100), 6);

    [Fact]
    public void Of_OneValueOnly_HasOneBin()
    {
        var constant = BinnedDistribution.Of([0, 0, 0, 0]);

        Assert.Equal([1f], constant.Shares);
        Assert.Equal(0, constant.StabilityIndex([0, 0]), 6);
    }

    /// <summary>Three features, one of them a rare count; well calibrated answers.</summary>
    private static ServedRequest[] Requests(int count, int seed)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable.Range(0, count).Select(_ =>
            {
                var confidence = 0.6f + 0.3f * random.NextSingle();
                return new ServedRequest(
                    [random.NextSingle(), random.NextSingle() + random.NextSingle(), random.Next(12) == 0 ? 1 : 0],
                    VisualScale.All[random.Next(10) switch { < 6 => 1, < 8 => 2, 8 => 3, _ => 4 }],
                    random.Next(10) == 0, random.Next(100) == 0, confidence, random.NextDouble() < confidence);
            }),
        ];
    }
}
