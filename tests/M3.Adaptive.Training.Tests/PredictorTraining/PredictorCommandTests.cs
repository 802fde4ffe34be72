using M3.Adaptive.Core;
using M3.Adaptive.Model.Checkpoint;
using M3.Adaptive.Predictor.Artifact;
using M3.Adaptive.TestKit.Serving.Checkpoints;
using M3.Adaptive.Training.OracleLabelling;
using M3.Adaptive.Training.Tests.OracleLabelling;
using Xunit;

namespace M3.Adaptive.Training.Tests.PredictorTraining;

/// <summary>The commands on a real checkpoint folder with labels beside its weights.</summary>
public sealed class PredictorCommandTests : IDisposable
{
    private readonly TinyCheckpoint _checkpoint = TinyCheckpoint.Create();
    private readonly ModelIdentity _model;

    public PredictorCommandTests()
    {
        using var folder = CheckpointFolder.Open(_checkpoint.Folder);
        _model = folder.Identify();
        foreach (var (split, pictures, seed) in new[] { ("routing", 60, 1), ("calibration", 40, 2), ("test", 40, 3) }) Label(split, pictures, seed, _model);
    }

    private string PredictorFolder => Path.Combine(_checkpoint.Folder, "predictor");

    public void Dispose() => _checkpoint.Dispose();

    [Fact]
    public async Task Train_ThenEval_Succeed()
    {
        Assert.Equal(0, await Run("train", "--model", _checkpoint.Folder, "--trees", "10"));
        Assert.Equal(_model, PredictorArtifact.Load(PredictorFolder).Manifest.Model);

        Assert.Equal(0, await Run("eval", "--model", _checkpoint.Folder, "--json"));
    }

    [Fact]
    public async Task Train_LabelsOfAnotherModel_IsWrongInput()
    {
        Label("routing", 60, 1, _model with { Hash = new string('b', 64) });

        Assert.Equal(2, await Run("train", "--model", _checkpoint.Folder));
        Assert.False(Directory.Exists(PredictorFolder));
    }

    [Fact]
    public async Task Train_OutWithADocument_IsWrongInputAndLeftAsItIs()
    {
        var document = Path.Combine(_checkpoint.Folder, "documents", "thesis.txt");
        Directory.CreateDirectory(Path.GetDirectoryName(document)!);
        File.WriteAllText(document, "years of work");
        Label("routing", 60, 1, _model);
        Label("calibration", 60, 2, _model);

        Assert.Equal(2, await Run("train", "--model", _checkpoint.Folder, "--out", Path.GetDirectoryName(document)!));
        Assert.Equal("years of work", File.ReadAllText(document));
    }

    [Theory]
    [InlineData("train", "--model", "/nonexistent")]
    [InlineData("train", "--trees", "0")]
    [InlineData("train", "--delta", "0.5")]
    [InlineData("train", "--risk", "1")]
    [InlineData("eval", "--risk", "2")]
    [InlineData("eval", "--confidence", "0.5")]
    [InlineData("no-such")]
    public async Task WrongUse_IsExitCodeTwo(params string[] arguments) => Assert.Equal(2, await Run(arguments));

    [Fact]
    public async Task Eval_NoPredictor_IsWrongInput() => Assert.Equal(2, await Run("eval", "--model", _checkpoint.Folder));

    private static Task<int> Run(params string[] arguments) => TrainingCommand.RunAsync(["predictor", .. arguments]);

    private void Label(string split, int pictures, int seed, ModelIdentity model)
    {
        var labels = Path.Combine(_checkpoint.Folder, "labels");
        Directory.CreateDirectory(labels);
        var table = SyntheticLabels.Make(split, pictures, seed);
        LabelFile.Save(table with { Header = table.Header with { Model = model } }, Path.Combine(labels, LabelFile.NameOf(split)));
    }
}
