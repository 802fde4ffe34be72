using M3.Adaptive.CommandLine;
using M3.Adaptive.Predictor;
using M3.Adaptive.Predictor.Artifact;
using M3.Adaptive.Predictor.Drift;
using M3.Adaptive.Training.OracleLabelling;
using M3.Adaptive.Training.PredictorTraining;
using M3.Adaptive.Training.Replay;
using M3.Adaptive.Training.Tests.OracleLabelling;
using Xunit;

namespace M3.Adaptive.Training.Tests.PredictorTraining;

/// <summary>Drift on the committed labels: the other half of the same distribution raises no alarm, other questions do.</summary>
public sealed class DriftHomeTests
{
    private static readonly DriftOptions Options = new();

    private static readonly Lazy<(DriftReference Home, TrainedPredictor Predictor)> Shipped = new(() =>
    {
        var artifact = PredictorArtifact.Load(Path.Combine(ShippedModel.Folder, "predictor"));
        var hash = artifact.Manifest.Model.Hash;
        return (DriftHome.Of(artifact, hash, Labels("calibration"), new ServedDefaults()), new TrainedPredictor(artifact, hash));
    });

    [Fact]
    public void Compare_WindowsOfTheTestSplit_RaiseNoAlarm()
    {
        foreach (var window in Served(Mixed(Labels("test"))).Chunk(Options.Window).Where(window => window.Length == Options.Window))
        {
            var report = DriftStatistics.Compare(Shipped.Value.Home, window, Options);

            Assert.False(report.Alarms.Any(), string.Join(", ", report.Alarms));
        }
    }

    [Fact]
    public void Compare_ReceiptsAndSignsAlone_RaisesAlarms()
    {
        var table = Labels("test");

        var report = DriftStatistics.Compare(Shipped.Value.Home, Served(table with { Items = [.. table.Items.Where(item => item.Family is "receipt" or "sign")] }), Options);

        Assert.Contains("features", report.Alarms.Select(alarm => alarm.Name));
        Assert.Contains("scales", report.Alarms.Select(alarm => alarm.Name));
    }

    [Fact]
    public void Compare_OtherWordings_AreUnfamiliar() =>
        Assert.Contains("unfamiliar", DriftStatistics.Compare(Shipped.Value.Home, Served(Labels("wordings")), Options).Alarms.Select(alarm => alarm.Name));

    [Fact]
    public void Train_Always_KeepsWhatTrafficLookedLike()
    {
        var home = new TrainedPredictor(Trained.Artifact, SyntheticLabels.Model.Hash).Home;

        Assert.Equal(1, home?.FirstScales.Sum() ?? 0, 5);
        Assert.NotNull(Trained.Artifact.Prices());                              // which what is kept for drift does not void
    }

    private static IReadOnlyList<ServedRequest> Served(LabelTable table) => DriftHome.Served(Forecasts.Of(table, Shipped.Value.Predictor), Shipped.Value.Predictor.Prices, new ServedDefaults());

    // As traffic comes: questions about one picture do not follow one another.
    private static LabelTable Mixed(LabelTable table)
    {
        LabelItem[] items = [.. table.Items];
        new Random(1).Shuffle(items);
        return table with { Items = items };
    }

    private static LabelTable Labels(string split) => LabelFile.Load(Path.Combine(ShippedModel.Folder, "labels", LabelFile.NameOf(split)));
}
