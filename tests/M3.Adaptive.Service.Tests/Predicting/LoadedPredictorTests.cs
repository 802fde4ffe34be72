using System.Text.Json.Nodes;
using M3.Adaptive.CommandLine;
using M3.Adaptive.Core;
using M3.Adaptive.Routing;
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

    [Theory]
    [InlineData(0.01, DefaultPolicy.Quality, 0)]
    [InlineData(0.0001, DefaultPolicy.Quality, 1)]
    [InlineData(0.0001, DefaultPolicy.Target, 0)]
    public void Open_RiskThatIsNotGuaranteed_WarnsWhereItIsTheDefault(double risk, DefaultPolicy policy, int warnings)
    {
        var folder = Path.Combine(ShippedModel.Folder, "predictor");
        var model = (string?)JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "manifest.json")))?["model"]?["hash"] ?? "";

        var predictor = LoadedPredictor.Open(folder, model, new RoutingOptions { Risk = risk, Policy = policy }, new FakeLogger(_log));

        Assert.NotNull(predictor.UsableVersion);
        Assert.Equal(warnings, _log.GetSnapshot().Count(line => line.Level == LogLevel.Warning && line.Message.Contains("guarantees no risk of 0.0001 (smallest: 0.0025)")));
    }

    private ServedVersion Open(string folder) => LoadedPredictor.Open(folder, "hash", new RoutingOptions(), new FakeLogger(_log));
}
