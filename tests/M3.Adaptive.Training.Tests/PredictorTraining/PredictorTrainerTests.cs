using M3.Adaptive.Core;
using M3.Adaptive.Predictor;
using M3.Adaptive.Training.Statistics;
using M3.Adaptive.Training.OracleLabelling;
using M3.Adaptive.Training.Tests.OracleLabelling;
using M3.Adaptive.TestKit.Files;
using Xunit;

namespace M3.Adaptive.Training.Tests.PredictorTraining;

public sealed class PredictorTrainerTests
{
    private static readonly LabelTable Test = SyntheticLabels.Make("test", 200, 3);

    [Fact]
    public void Train_KnownLaw_PredictsWhichScaleIsNeeded()
    {
        var predictor = Trained.Predictor;
        var random = new Random(9);

        float[] Success(int fineness, string question) => predictor.TryPredict(SyntheticLabels.Evidence(fineness, random), question, out var prediction)
            ? prediction.Success
            : throw new InvalidOperationException("no prediction");

        var (fine, coarse, colour) = (Success(3, "what does the sign say"), Success(0, "what does the sign say"), Success(3, "what is the background colour"));
        Assert.True(fine[2] < 0.3 && fine[3] > 0.7, string.Join(' ', fine));
        Assert.True(coarse[0] > 0.7, string.Join(' ', coarse));
        Assert.True(colour[0] > 0.7, string.Join(' ', colour));
    }

    [Fact]
    public void Train_NewItems_PriorsAreCalibrated()
    {
        float[][] success = [.. Test.Items.Select(item => Prior(item).Success)];

        foreach (var scale in VisualScale.All)
        {
            bool[] right = [.. Test.Items.Select(item => item.Outcomes[scale.Rung].Right)];
            var error = Ranking.CalibrationError([.. success.Select(item => item[scale.Rung])], right);
            Assert.True(error < 0.08, $"scale {scale}: {error}");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Train_NewAnswers_ConfidenceTellsRightFromWrong(bool firstTokenOnly)
    {
        var judged = Test.Items.SelectMany(item => VisualScale.All.Select(scale =>
        {
            var outcome = item.Outcomes[scale.Rung];
            var evidence = firstTokenOnly ? outcome.Evidence.FirstTokenOnly() : outcome.Evidence;
            return (Confidence: Trained.Predictor.AfterRun(Prior(item), item.Question, scale, evidence, outcome.Answer).At(scale), outcome.Right);
        })).ToArray();
        float[] confidences = [.. judged.Select(answer => answer.Confidence)];
        bool[] right = [.. judged.Select(answer => answer.Right)];

        Assert.True(Ranking.Auroc(confidences, right) > 0.95);
        Assert.True(Ranking.CalibrationError(confidences, right) < 0.05);
    }

    [Fact]
    public void Train_FinerScaleWouldHelp_IsForecastFromTheCoarseAnswer()
    {
        var scale = VisualScale.Of(36);
        var forecasts = Test.Items.Where(item => item.Family == "sign" && !item.Outcomes[scale.Rung].Right).Select(item =>
        {
            var outcome = item.Outcomes[scale.Rung];
            return Trained.Predictor.AfterRun(Prior(item), item.Question, scale, outcome.Evidence, outcome.Answer);
        }).ToArray();

        Assert.True(forecasts.Average(forecast => forecast.At(VisualScale.Finest)) > forecasts.Average(forecast => forecast.At(scale)) + 0.4);
    }

    [Fact]
    public void Train_SameSeedAnyThreads_GivesTheSameVersionAndAnotherSeedAnother()
    {
        var (routing, calibration) = (SyntheticLabels.Make("routing", 300, 1), SyntheticLabels.Make("calibration", 200, 2));

        Assert.Equal(Trained.Artifact.Version, Trained.Train(routing, calibration, Trained.Options with { Threads = 1 }).Version);
        Assert.NotEqual(Trained.Artifact.Version, Trained.Train(routing, calibration, Trained.Options with { Seed = 2 }).Version);
        Assert.NotEqual(Trained.Artifact.Version, Trained.Train(SyntheticLabels.Make("routing", 300, 4), calibration).Version);
    }

    [Fact]
    public void Train_SmallOptions_FitsIntoASmallFolder()
    {
        using var folder = new TemporaryFolder();

        Trained.Artifact.Save(folder.Combine("predictor"));

        Assert.InRange(new DirectoryInfo(folder.Combine("predictor")).EnumerateFiles().Sum(file => file.Length), 1, 600_000);
    }

    [Fact]
    public void Train_OtherModelsLabels_AreRefused()
    {
        var exception = Assert.Throws<PredictorException>(() => Trained.Train(Routing(50), Test, modelHash: new string('b', 64)));

        Assert.Contains("synthetic@aaaaaaaaaaaa", exception.Message);
    }

    [Fact]
    public void Train_TooFewItems_IsRefused() => Assert.Contains("10 items; at least 20", Refusal(Routing(5)));

    [Fact]
    public void Train_OneImage_IsRefused()
    {
        var table = Routing(40);

        Assert.Contains("one image", Refusal(table with { Items = [.. table.Items.Select(item => item with { Image = table.Items[0].Image })] }));
    }

    [Theory]
    [InlineData(true, "1: 100.0 %, 9: 100.0 %")]
    [InlineData(false, "1: 0.0 %, 9: 0.0 %")]
    public void Train_LadderWithoutGradient_IsRefusedWithItsFigures(bool right, string figures)
    {
        var refusal = Refusal(Changed(Routing(40), (_, _) => right));

        Assert.Contains("nothing to route", refusal);
        Assert.Contains(figures, refusal);
    }

    [Fact]
    public void Train_ScalesThatHardlyDisagree_AreRefused()
    {
        var refusal = Refusal(Changed(Routing(500), (item, rung) => item % 25 != 0 || rung > 1));

        Assert.Contains("agree about all but 4.0 %", refusal);
    }

    [Fact]
    public void Train_OneScaleAlwaysRight_StillTrains()
    {
        var table = Changed(Routing(100), (item, rung) => rung == 4 || item % 3 < rung);

        var predictor = new TrainedPredictor(Trained.Train(table, table), SyntheticLabels.Model.Hash);

        Assert.True(predictor.Predict(table.ImageFeatures[table.Items[0].Image], table.Items[0].Question).At(VisualScale.Finest) > 0.9);
    }

    [Fact]
    public void Train_Cancelled_Stops() =>
        Assert.Throws<OperationCanceledException>(() => Trained.Train(Test, Test, cancellation: new CancellationToken(canceled: true)));

    private static ScalePrediction Prior(LabelItem item) => Trained.Predictor.Predict(Test.ImageFeatures[item.Image], item.Question);

    private static LabelTable Routing(int pictures) => SyntheticLabels.Make("routing", pictures, 1);

    private static string Refusal(LabelTable table) => Assert.Throws<PredictorException>(() => Trained.Train(table, Test)).Message;

    private static LabelTable Changed(LabelTable table, Func<int, int, bool> right) => table with
    {
        Items =
        [
            .. table.Items.Select((item, i) => item with { Outcomes = [.. item.Outcomes.Select((outcome, rung) => outcome with { Right = right(i, rung) })] }),
        ],
    };
}
