using M3.Adaptive.Core;
using M3.Adaptive.Predictor;
using M3.Adaptive.Predictor.Features;
using M3.Adaptive.Predictor.Registry;
using M3.Adaptive.Training.OracleLabelling;
using M3.Adaptive.Training.Retraining.Gating;
using Xunit;

namespace M3.Adaptive.Training.Tests.Retraining.Gating;

/// <summary>On the committed labels: good updates pass, and every seeded bad one is refused with the figure that it fails.</summary>
public sealed class PredictorGateTests
{
    private static readonly Overhead Quick = new(25, 26);

    private static readonly GateOptions Options = new() { Draws = 100 };

    private static readonly LabelTable Routing = Updates.First(Updates.Routing, 1000), Calibration = Updates.Calibration;

    private static readonly Lazy<TrainedPredictor> Champion = new(() => Updates.Trained(Routing, Calibration));

    // Somebody says of two families that every answer but the finest scale's is wrong.
    private static readonly Lazy<TrainedPredictor> Poisoned = new(() =>
    {
        static bool Right(LabelItem item, int rung) => item.Family is "where" or "object at" ? rung == 4 : item.Outcomes[rung].Right;
        return Updates.Trained(Updates.Relabelled(Routing, Right), Updates.Relabelled(Calibration, Right));
    });

    // Nothing above was fitted to these.
    private static readonly JudgedSet Judged = JudgedSet.Of("labels", Updates.First(Updates.Labels("test"), 2000));

    [Fact]
    public void Judge_MoreLabels_Passes()
    {
        var report = Judge(Champion.Value, Updates.Shipped);

        Assert.True(report.Passed, report.Failures);
        Assert.Contains(report.Checks, check => check.Name == "labels, family receipt: accuracy at the champion's cost");
    }

    [Fact]
    public void Judge_TheChampionItself_Passes() => Assert.True(Judge(Champion.Value, Champion.Value).Passed);

    [Fact]
    public void Judge_TokensThatCostNothing_BoundsTheSpendAllTheSame()
    {
        var free = Options with { Defaults = new() { Routing = new() { PricePerVisualToken = 0 } } };

        var report = PredictorGate.Judge(Champion.Value, Champion.Value, Updates.ModelHash, [Judged], Quick, free);

        Assert.True(report.Passed, report.Failures);
        Assert.All(report.Checks, check => Assert.True(double.IsFinite(check.Bound), check.Name));
    }

    [Fact]
    public void Judge_FewerLabels_IsRefused() => Refuses(Judge(Updates.Shipped, Champion.Value), "labels: visual tokens a question");

    [Fact]
    public void Judge_LabelsOfAThirdOfThePicturesFlipped_IsRefused()
    {
        static bool Right(LabelItem item, int rung) => item.Outcomes[rung].Right != (StableHash.Of(item.Image) % 3 == 0);
        var flipped = Updates.Trained(Updates.Relabelled(Routing, Right), Updates.Relabelled(Calibration, Right));

        Refuses(Judge(Champion.Value, flipped), "labels: calibration error");
    }

    [Fact]
    public void Train_AllLabelsFlipped_NeverReachesTheGate() => Assert.Throws<PredictorException>(
        () => Updates.Trained(Updates.Relabelled(Routing, (item, rung) => !item.Outcomes[rung].Right), Calibration));

    [Fact]
    public void Judge_PoisonThatRaisesCost_IsRefused() => Refuses(Judge(Champion.Value, Poisoned.Value), "labels: visual tokens a question");

    [Fact]
    public void Judge_DriftedEncoder_IsRefused()
    {
        static LabelTable Drifted(LabelTable table) => table with
        {
            ImageFeatures = table.ImageFeatures.ToDictionary(image => image.Key, image => image.Value.Select((value, i) => i % 3 == 0 ? 1.5f * value + 0.5f : value).ToArray()),
        };

        Refuses(Judge(Champion.Value, Updates.Trained(Drifted(Routing), Drifted(Calibration))), "labels: pictures out of the usual range");
    }

    [Fact]
    public void Judge_TinyData_IsRefused()
    {
        var tiny = JudgedSet.Of("evidence", Updates.First(Updates.Labels("test"), 299));

        var report = PredictorGate.Judge(Champion.Value, Updates.Shipped, Updates.ModelHash, [tiny], Quick, Options);

        Assert.Equal(("evidence: questions", 299.0, 300.0), Assert.Single(report.Checks, check => !check.Passed) is var check ? (check.Name, check.Figure, check.Bound) : default);
    }

    [Fact]
    public void Judge_LabelsOfAnotherModel_AreRefused()
    {
        var foreign = Judged.Table with { Header = Judged.Table.Header with { Model = new ModelIdentity("other", new string('b', 64)) } };

        var refusal = Assert.Throws<PredictorException>(() => PredictorGate.Judge(Champion.Value, Champion.Value, Updates.ModelHash, [JudgedSet.Of("evidence", foreign)], Quick, Options));

        Assert.Contains("other@bbbbbbbbbbbb", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_OneTenantWorse_NamesIt()
    {
        var judged = Judged with { Tenants = [.. Judged.Table.Items.Select(item => item.Family is "where" or "object at" ? "acme" : "other")] };

        var report = PredictorGate.Judge(Champion.Value, Poisoned.Value, Updates.ModelHash, [judged], Quick, Options);

        Refuses(report, "labels, tenant acme: accuracy at the champion's cost");
        Assert.DoesNotContain(report.Checks, check => check.Name.Contains("tenant other", StringComparison.Ordinal) && !check.Passed);
    }

    [Fact]
    public void Judge_SlowDecisions_IsRefused() => Refuses(
        PredictorGate.Judge(Champion.Value, Champion.Value, Updates.ModelHash, [Judged], new Overhead(90, 140), Options), "microseconds of a decision");

    private static GateReport Judge(TrainedPredictor champion, TrainedPredictor challenger) =>
        PredictorGate.Judge(champion, challenger, Updates.ModelHash, [Judged], Quick, Options);

    private static void Refuses(GateReport report, params string[] names)
    {
        Assert.False(report.Passed);
        Assert.All(names, name => Assert.Contains(report.Checks, check => check.Name == name && !check.Passed));
    }
}
