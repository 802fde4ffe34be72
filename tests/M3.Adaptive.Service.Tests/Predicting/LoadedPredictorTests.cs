using M3.Adaptive.Core;
using M3.Adaptive.Service.Predicting;
using M3.Adaptive.TestKit.Files;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace M3.Adaptive.Service.Tests.Predicting;

public sealed class LoadedPredictorTests : IDisposable
{
    private readonly FakeLogCollector _log = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_MissingFolder_PredictsNothingAndSaysSoLoudly()
    {
        var predictor = Open(_folder.Combine("none"));

        Assert.Null(predictor.UsableVersion);
        Assert.False(predictor.Scales.TryPredict(new ImageEvidence(new float[5], new float[9], 1), "question", out _));
        var entry = Assert.Single(_log.GetSnapshot());
        Assert.Equal(LogLevel.Error, entry.Level);
        Assert.Contains("144", entry.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_DamagedManifest_NamesTheFile()
    {
        File.WriteAllText(_folder.Combine("manifest.json"), "{");

        var predictor = Open(_folder.Path);

        Assert.Null(predictor.UsableVersion);
        Assert.Contains("manifest.json", Assert.Single(_log.GetSnapshot()).Message, StringComparison.Ordinal);
    }

    private LoadedPredictor Open(string folder) => LoadedPredictor.Open(folder, "hash", 144, new FakeLogger(_log));
}
