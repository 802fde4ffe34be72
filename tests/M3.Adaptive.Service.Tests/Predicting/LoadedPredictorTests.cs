using M3.Adaptive.Core;
using M3.Adaptive.Service.Predicting;
using M3.Adaptive.TestKit.Logging;
using Microsoft.Extensions.Logging;

namespace M3.Adaptive.Service.Tests.Predicting;

public sealed class LoadedPredictorTests : IDisposable
{
    private const int NoPredictorEvent = 504;

    private readonly LogScope _log = new LogScope().Expecting(NoPredictorEvent);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("m3-predictor-");

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        _log.Dispose();
    }

    [Fact]
    public void Open_MissingFolder_PredictsNothingAndSaysSoLoudly()
    {
        var predictor = Open(Path.Combine(_folder.FullName, "none"));

        Assert.Null(predictor.UsableVersion);
        Assert.False(predictor.Scales.TryPredict(new ImageEvidence(new float[5], new float[9], 1), "question", out _));
        var entry = Assert.Single(_log.Entries);
        Assert.Equal(LogLevel.Error, entry.Level);
        Assert.Contains("144", entry.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_DamagedManifest_NamesTheFile()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "manifest.json"), "{");

        var predictor = Open(_folder.FullName);

        Assert.Null(predictor.UsableVersion);
        Assert.Contains("manifest.json", Assert.Single(_log.Entries).Message, StringComparison.Ordinal);
    }

    private LoadedPredictor Open(string folder) => LoadedPredictor.Open(folder, "hash", 144, _log.CreateLogger("test"));
}
