using M3.Adaptive.Predictor.Registry;
using M3.Adaptive.Predictor.Tests.Doubles;
using M3.Adaptive.TestKit.Files;

namespace M3.Adaptive.Predictor.Tests.Registry;

/// <summary>A registry with a few versions, made once and copied: registering reads every head of a version, which takes a while.</summary>
public sealed class FilledRegistry : IDisposable
{
    internal const int First = 1, Good = 2, AlsoGood = 3, Failed = 4, Unchecked = 5;

    internal static readonly GateReport GoodReport = new([new GateCheck("accuracy at equal cost", 0.01, 0, Passed: true)]);
    internal static readonly GateReport FailedReport = new([new GateCheck("accuracy at equal cost", -0.2, 0, Passed: false), new GateCheck("calibration", 0.01, 0.02, Passed: true)]);

    private readonly TemporaryFolder _state = new();

    public FilledRegistry()
    {
        var registry = PredictorRegistry.Open(_state.Path, CommittedPredictor.Model, TimeProvider.System);
        registry.TakeIn(CommittedPredictor.Folder, "test");
        foreach (var (gate, seed) in new (GateReport?, int)[] { (GoodReport, 12), (GoodReport, 13), (FailedReport, 14), (null, 15) })
            registry.Add(OtherPredictor.Save(_state.Combine($"made-{seed}"), seed), OriginWith(gate));
    }

    public void Dispose() => _state.Dispose();

    internal static VersionOrigin OriginWith(GateReport? gate) => new("ada", TimeProvider.System.GetUtcNow(), "drift", First, new() { ["accuracy"] = 0.9 }, gate);

    /// <summary>Puts a copy into an empty state folder.</summary>
    internal void CopyTo(string state)
    {
        var source = _state.Combine("predictors");
        foreach (var folder in Directory.EnumerateDirectories(source, "*", SearchOption.AllDirectories)) Directory.CreateDirectory(Place(folder));
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories)) File.Copy(file, Place(file));

        string Place(string path)
        {
            var place = Path.Combine(state, "predictors", Path.GetRelativePath(source, path));
            Directory.CreateDirectory(Path.GetDirectoryName(place) ?? state);
            return place;
        }
    }
}
