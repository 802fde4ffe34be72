using M3.Adaptive.Core;
using M3.Adaptive.Predictor;
using M3.Adaptive.Predictor.Features;
using M3.Adaptive.Training.Evaluation.Router;
using M3.Adaptive.Training.OracleLabelling;
using M3.Adaptive.Training.PredictorTraining;
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
        var predictor = new TrainedPredictor(Trained.Artifact, SyntheticLabels.Model.Hash);
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
    public void Train_NewItems_HeadsAreCalibrated()
    {
        var predictor = new TrainedPredictor(Trained.Artifact, SyntheticLabels.Model.Hash);
        float[][] success = [.. Test.Items.Select(item => predictor.Success(Test.FeaturesOf(item)))];

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
        var predictor = new TrainedPredictor(Trained.Artifact, SyntheticLabels.Model.Hash);
        var judged = Test.Items.SelectMany(item => VisualScale.All.Select(scale =>
        {
            var outcome = item.Outcomes[scale.Rung];
            return (Confidence: predictor.Of(outcome.Evidence, firstTokenOnly, scale, predictor.Success(Test.FeaturesOf(item))), outcome.Right);
        })).ToArray();
        float[] confidences = [.. judged.Select(answer => answer.Confidence)];
        bool[] right = [.. judged.Select(answer => answer.Right)];

        Assert.True(Ranking.Auroc(confidences, right) > 0.95);
        Assert.True(Ranking.CalibrationError(confidences, right) < 0.05);
    }

    [Fact]
    public void AfterRun_AnswerStillGrowing_IsJudgedByItsFirstToken()
    {
        var predictor = new TrainedPredictor(Trained.Artifact, SyntheticLabels.Model.Hash);
        var answer = SyntheticLabels.Answer(right: true, new Random(1), length: 3);
        var prior = predictor.Predict(Test.ImageFeatures[Test.Items[0].Image], Test.Items[0].Question);

        var growing = predictor.AfterRun(prior, Test.Items[0].Question, VisualScale.Of(9), answer[..1]);
        var first = predictor.AfterRun(prior, Test.Items[0].Question, VisualScale.Of(9), AnswerEvidence.Of(answer).FirstTokenOnly(), answer[0].Text);

        Assert.Equal(first.Success, growing.Success);
    }

    [Fact]
    public void Train_SameSeed_GivesTheSameVersionAndAnotherSeedAnother()
    {
        Assert.Equal(Trained.Artifact.Version, Trained.Train(seed: 1).Version);
        Assert.NotEqual(Trained.Artifact.Version, Trained.Train(seed: 2).Version);
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
        var exception = Assert.Throws<PredictorException>(
            () => PredictorTrainer.Train(SyntheticLabels.Make("routing", 50, 1), Test, new string('b', 64), Trained.Options));

        Assert.Contains("synthetic@aaaaaaaaaaaa", exception.Message);
    }

    [Fact]
    public void Train_TooFewItems_IsRefused()
    {
        var exception = Assert.Throws<PredictorException>(
            () => PredictorTrainer.Train(SyntheticLabels.Make("routing", 5, 1), Test, SyntheticLabels.Model.Hash, Trained.Options));

        Assert.Contains("10 items; at least 20", exception.Message);
    }

    [Fact]
    public void Train_AllAnswersRight_StillTrains()
    {
        var table = SyntheticLabels.Make("routing", 40, 1);
        table = table with { Items = [.. table.Items.Select(item => item with { Outcomes = [.. item.Outcomes.Select(outcome => outcome with { Right = true })] })] };

        var artifact = PredictorTrainer.Train(table, table, SyntheticLabels.Model.Hash, Trained.Options);

        Assert.All(new TrainedPredictor(artifact, SyntheticLabels.Model.Hash).Success(table.FeaturesOf(table.Items[0])), value => Assert.True(value > 0.9));
    }

    [Fact]
    public void Train_Cancelled_Stops() => Assert.Throws<OperationCanceledException>(
        () => PredictorTrainer.Train(Test, Test, SyntheticLabels.Model.Hash, Trained.Options, cancellation: new CancellationToken(canceled: true)));
}
