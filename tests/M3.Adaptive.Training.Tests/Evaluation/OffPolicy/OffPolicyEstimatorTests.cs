using M3.Adaptive.CommandLine;
using M3.Adaptive.Core;
using M3.Adaptive.Predictor;
using M3.Adaptive.Training.Evaluation.OffPolicy;
using M3.Adaptive.Training.OracleLabelling;
using M3.Adaptive.Training.Statistics;
using Xunit;

namespace M3.Adaptive.Training.Tests.Evaluation.OffPolicy;

/// <summary>
/// Held against the truth on the committed calibration labels, where what every scale would have answered is known: logs of an exploring policy are drawn
/// again and again, and a policy is judged by what they kept.
/// </summary>
public sealed class OffPolicyEstimatorTests
{
    private const int Logs = 200;

    private const double LoggedShare = 0.35;

    private static readonly Lazy<World> Committed = new(World.Load);

    private static readonly Lazy<OffPolicyReport[]> Shared = new(() => [.. Enumerable.Range(0, Logs).AsParallel().AsOrdered().Select(log => OffPolicyEstimator.Evaluate(Committed.Value.Log(log), draws: 200, seed: log))]);

    public static TheoryData<string> Estimators => ["ips", "snips", "dr"];

    [Theory]
    [MemberData(nameof(Estimators))]
    public void Evaluate_ManyLogs_IsWithoutBias(string estimator)
    {
        double[] errors = [.. Shared.Value.Select(report => Of(report, estimator).Value - Committed.Value.Truth)];

        var error = Math.Sqrt(errors.Average(one => one * one) / Logs);
        Assert.True(Math.Abs(errors.Average()) < 3 * error, $"mean error {errors.Average()}, of which luck explains {error}");
        Assert.InRange(errors.Average(), -0.005, 0.005);
    }

    [Theory]
    [MemberData(nameof(Estimators))]
    public void Evaluate_ManyLogs_CoversTheTruthAsOftenAsItSays(string estimator)
    {
        var covered = Shared.Value.Count(report => Of(report, estimator) is var estimate && estimate.Low <= Committed.Value.Truth && Committed.Value.Truth <= estimate.High);

        Assert.InRange(covered, 0.91 * Logs, 0.995 * Logs);                      // of 95 %: two standard deviations of such a count below and above
    }

    [Fact]
    public void Evaluate_DoublyRobust_IsNarrowerThanWeightingAlone()
    {
        double Width(string estimator) => Shared.Value.Average(report => Of(report, estimator).High - Of(report, estimator).Low);

        Assert.True(Width("dr") < 0.9 * Width("ips"), $"{Width("dr")} against {Width("ips")}");
    }

    [Fact]
    public void Evaluate_TheLoggingPolicyItself_IsTheMeanReward()
    {
        LoggedChoice[] own = [.. Enumerable.Range(0, 400).Select(i => new LoggedChoice($"{i}", 0.2, 0.2, i % 4 == 0 ? 1 : 0, 0.5, 0.5))];

        var value = OffPolicyEstimator.Evaluate(own).Value ?? throw new InvalidOperationException("no verdict");

        Assert.Equal((0.25, 0.25, 0.25, 400.0), (value.InversePropensity.Value, value.SelfNormalised.Value, Math.Round(value.DoublyRobust.Value, 12), Math.Round(value.EffectiveSampleSize, 9)));
    }

    [Fact]
    public void Evaluate_FewChoicesOfTheJudgedPolicy_GivesNoVerdict()
    {
        LoggedChoice[] choices = [.. Enumerable.Range(0, 2000).Select(i => new LoggedChoice($"{i}", 0.05, i < 60 ? 1 : 0, 1, 0.5, 0.5))];

        var report = OffPolicyEstimator.Evaluate(choices);

        Assert.Null(report.Value);
        Assert.Contains("worth 60", report.WhyNone, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_NoChoices_GivesNoVerdict() => Assert.Null(OffPolicyEstimator.Evaluate([]).Value);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1.1, 1)]
    [InlineData(0.5, -0.1)]
    [InlineData(double.NaN, 1)]
    public void Evaluate_ImpossibleProbability_IsRefused(double propensity, double target) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => OffPolicyEstimator.Evaluate([new LoggedChoice("a", propensity, target, 1, 0, 0)]));

    private static Estimate Of(OffPolicyReport report, string estimator)
    {
        var value = report.Value ?? throw new InvalidOperationException(report.WhyNone);
        return estimator switch { "ips" => value.InversePropensity, "snips" => value.SelfNormalised, _ => value.DoublyRobust };
    }

    /// <summary>Every item with the probabilities of the logging and the judged policy, and what a model expects of each scale.</summary>
    private sealed record World(LabelTable Table, string[] Pictures, float[][] Modelled, int[] Judged, double Truth)
    {
        public static World Load()
        {
            var table = LabelFile.Load(Path.Combine(ShippedModel.Folder, "labels", LabelFile.NameOf("calibration")));
            var predictor = TrainedPredictor.Load(Path.Combine(ShippedModel.Folder, "predictor"), table.Header.Model.Hash);
            float[][] modelled = [.. table.Items.Select(item => predictor.Predict(table.ImageFeatures[item.Image], item.Question).Success)];
            int[] judged = [.. modelled.Select(success => VisualScale.All.MaxBy(scale => success[scale.Rung] - 0.0005 * scale.Tokens).Rung)];
            var pictures = table.Items.Select(item => item.Image).Distinct().ToArray();
            return new World(table, pictures, modelled, judged, table.Items.Select((item, i) => item.Outcomes[judged[i]].Right ? 1.0 : 0).Average());
        }

        /// <summary>A third of the pictures, each question answered at a scale drawn by probabilities that lean to the likely ones.</summary>
        public LoggedChoice[] Log(int seed)
        {
            var random = new Random(seed);
            var kept = Pictures.Where(_ => random.NextDouble() < LoggedShare).ToHashSet();
            List<LoggedChoice> log = [];
            for (var i = 0; i < Table.Items.Count; i++)
            {
                if (!kept.Contains(Table.Items[i].Image)) continue;
                double[] leaning = [.. Modelled[i].Select(success => 0.3 + success)];
                double[] propensity = [.. leaning.Select(one => one / leaning.Sum())];
                var (draw, action) = (random.NextDouble(), 0);
                while (action < 4 && draw >= propensity[action]) draw -= propensity[action++];
                log.Add(new LoggedChoice(
                    Table.Items[i].Image, propensity[action], action == Judged[i] ? 1 : 0, Table.Items[i].Outcomes[action].Right ? 1 : 0,
                    Modelled[i][action], Modelled[i][Judged[i]]));
            }

            return [.. log];
        }
    }
}
