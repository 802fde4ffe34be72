using System.Text.Json.Nodes;
using M3.Adaptive.CommandLine;
using M3.Adaptive.Core;
using M3.Adaptive.Predictor.Registry;
using M3.Adaptive.Routing;
using M3.Adaptive.Service.Predicting;
using M3.Adaptive.TestKit.Files;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace M3.Adaptive.Service.Tests.Predicting;

public sealed class PredictorRosterTests : IDisposable
{
    private static readonly GateReport Good = new([new GateCheck("accuracy at equal cost", 0.01, 0, Passed: true)]);

    private readonly TemporaryFolder _state = new();
    private readonly FakeLogCollector _log = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly PredictorRegistry _registry;
    private readonly PredictorRoster _roster;

    public PredictorRosterTests()
    {
        _registry = PredictorRegistry.Open(_state.Path, Shipped.Model, _clock);
        _roster = Roster(Shipped.Folder);
    }

    public void Dispose() => _state.Dispose();

    [Fact]
    public void Begin_EmptyRegistry_ServesTheModelsOwnAsVersionOne()
    {
        _roster.Begin(takeIn: true);

        Assert.Equal(1, _roster.Served.Champion.Number);
        Assert.NotNull(_roster.Served.Champion.UsableVersion);
        Assert.Equal(1, _registry.Aliases().Champion);
    }

    [Fact]
    public void Begin_WithoutTakingIn_WritesNothing()
    {
        _roster.Begin(takeIn: false);

        Assert.NotNull(_roster.Served.Champion.UsableVersion);
        Assert.Empty(Directory.GetFileSystemEntries(_state.Path));
    }

    [Fact]
    public void Begin_NoPredictorAnywhere_SaysSoOnce()
    {
        var roster = Roster(_state.Combine("none"));

        roster.Begin(takeIn: true);

        Assert.Null(roster.Served.Champion.UsableVersion);
        Assert.Equal(LogLevel.Error, Assert.Single(_log.GetSnapshot()).Level);
    }

    [Fact]
    public void Refresh_AfterAPromoteElsewhere_GivesNewRequestsTheNewOneAndLeavesRunningOnesTheirs()
    {
        _roster.Begin(takeIn: true);
        var running = _roster.TurnOf("a", "1");

        Elsewhere().Promote(Add(), "ada", "better");
        _roster.Refresh();

        Assert.Equal(2, _roster.Served.Champion.Number);
        Assert.Same(_roster.Champion, _roster.TurnOf("a", "1").Predictor);
        Assert.NotSame(_roster.Champion, running.Predictor);
        Assert.Contains(_log.GetSnapshot(), static line => line.Message.Contains("changed by ada: better", StringComparison.Ordinal));
    }

    [Fact]
    public void Refresh_AfterARollback_ServesTheVeryOneFromBefore()
    {
        _roster.Begin(takeIn: true);
        var first = _roster.Champion;
        Elsewhere().Promote(Add(), "ada", "better");
        _roster.Refresh();

        Elsewhere().Rollback("ada", "worse");
        _roster.Refresh();

        Assert.Same(first, _roster.Champion);
    }

    [Fact]
    public void Refresh_VersionThatDoesNotLoad_LeavesTheOldOneServingAndMendsItself()
    {
        _roster.Begin(takeIn: true);
        var first = _roster.Champion;
        var number = Add();
        Elsewhere().Promote(number, "ada", "better");
        var damaged = Path.Combine(_registry.Get(number).Folder, "calibration.json");
        var whole = File.ReadAllBytes(damaged);
        File.AppendAllText(damaged, "x");

        for (var turn = 0; turn < 3; turn++) _roster.Refresh();

        Assert.Same(first, _roster.Champion);
        Assert.Contains("calibration.json", _roster.Served.Fault, StringComparison.Ordinal);
        Assert.Single(_log.GetSnapshot(), static line => line.Level == LogLevel.Error && line.Message.Contains("Version 2 cannot be used", StringComparison.Ordinal));

        File.WriteAllBytes(damaged, whole);
        _clock.Advance(TimeSpan.FromSeconds(6));
        _roster.Refresh();

        Assert.Equal((2, null), (_roster.Served.Champion.Number, _roster.Served.Fault));
    }

    [Fact]
    public void Begin_ChampionThatDoesNotLoad_ServesTheModelsOwnAndSaysSo()
    {
        _registry.TakeIn(Shipped.Folder, "test");
        var number = Add();
        _registry.Promote(number, "ada", "better");
        File.Delete(Path.Combine(_registry.Get(number).Folder, "prior-1.zip"));

        _roster.Begin(takeIn: true);

        Assert.NotNull(_roster.Served.Champion.UsableVersion);
        Assert.Contains("prior-1.zip", _roster.Served.Fault, StringComparison.Ordinal);
        Assert.Contains(_log.GetSnapshot(), static line => line.Level == LogLevel.Error);
    }

    [Fact]
    public void TurnOf_Shadow_LooksOnAtEveryRequest()
    {
        _roster.Begin(takeIn: true);
        Elsewhere().SetChallenger(Add(), ChallengerStage.Shadow, 0, "ada", "look");
        _roster.Refresh();

        var turn = _roster.TurnOf("a", null);

        Assert.Equal((PredictorAlias.Champion, 1), (turn.Alias, turn.Propensity));
        Assert.Same(_roster.Served.Challenger?.Scales, turn.Shadow);
    }

    [Fact]
    public void TurnOf_Canary_GivesItsShareOfTheRequestsAndAlwaysTheSameOnes()
    {
        _roster.Begin(takeIn: true);
        Elsewhere().SetChallenger(Add(), ChallengerStage.Canary, 0.2, "ada", "try");
        _roster.Refresh();

        PredictorTurn[] turns = [.. Enumerable.Range(0, 5000).Select(i => _roster.TurnOf("a", $"{i}"))];

        var share = turns.Count(static turn => turn.Alias == PredictorAlias.Challenger) / 5000.0;
        Assert.InRange(share, 0.18, 0.22);                                      // 3.5 standard deviations
        Assert.All(turns, static turn => Assert.Equal(turn.Alias == PredictorAlias.Challenger ? 0.2 : 0.8, turn.Propensity, 12));
        Assert.Equal(turns.Select(static turn => turn.Alias), Enumerable.Range(0, 5000).Select(i => _roster.TurnOf("a", $"{i}").Alias));
        Assert.NotEqual(turns.Take(100).Select(static turn => turn.Alias), Enumerable.Range(0, 100).Select(i => _roster.TurnOf("b", $"{i}").Alias));
    }

    [Fact]
    public void Begin_AnotherModel_SaysThatEarlierPredictorsNoLongerCount()
    {
        _registry.TakeIn(Shipped.Folder, "test");
        var other = PredictorRegistry.Open(_state.Path, new ModelIdentity("m3-nano", new string('0', 64)), _clock);
        var roster = new PredictorRoster(other, Shipped.Folder, other.Model.Hash, new RoutingOptions(), _clock, new Logger<PredictorRoster>(new LoggerFactory([new FakeLoggerProvider(_log)])));

        roster.Begin(takeIn: true);

        Assert.Null(roster.Served.Champion.UsableVersion);
        Assert.Contains(_log.GetSnapshot(), static line => line.Level == LogLevel.Warning && line.Message.Contains(Shipped.Model.Hash[..12], StringComparison.Ordinal));
        Assert.Contains(_log.GetSnapshot(), static line => line.Level == LogLevel.Error && line.Message.Contains("was trained for", StringComparison.Ordinal));
    }

    private PredictorRegistry Elsewhere() => PredictorRegistry.Open(_state.Path, Shipped.Model, _clock);

    private int Add() => _registry.Add(Shipped.Folder, new VersionOrigin("ada", _clock.GetUtcNow(), "drift", 1, [], Good));

    private PredictorRoster Roster(string folder) =>
        new(_registry, folder, Shipped.Model.Hash, new RoutingOptions(), _clock, new Logger<PredictorRoster>(new LoggerFactory([new FakeLoggerProvider(_log)])));

    /// <summary>The predictor that comes with the product.</summary>
    private static class Shipped
    {
        public static string Folder { get; } = Path.Combine(ShippedModel.Folder, "predictor");

        public static ModelIdentity Model { get; } = new(
            "m3-nano", (string?)JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "manifest.json")))?["model"]?["hash"] ?? "");
    }
}
