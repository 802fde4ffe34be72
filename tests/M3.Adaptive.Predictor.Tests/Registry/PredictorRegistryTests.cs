using M3.Adaptive.Core;
using M3.Adaptive.Predictor.Registry;
using M3.Adaptive.Predictor.Tests.Doubles;
using M3.Adaptive.TestKit.Files;
using Xunit;

namespace M3.Adaptive.Predictor.Tests.Registry;

public sealed class PredictorRegistryTests : IClassFixture<FilledRegistry>, IDisposable
{
    private const int Second = FilledRegistry.Good, Third = FilledRegistry.AlsoGood, Failed = FilledRegistry.Failed, Unchecked = FilledRegistry.Unchecked;

    private readonly TemporaryFolder _state = new();
    private readonly FilledRegistry _filled;
    private readonly PredictorRegistry _registry;

    public PredictorRegistryTests(FilledRegistry filled)
    {
        _filled = filled;
        _registry = PredictorRegistry.Open(_state.Path, CommittedPredictor.Model, TimeProvider.System);
    }

    public void Dispose() => _state.Dispose();

    [Fact]
    public void TakeIn_EmptyRegistry_IsVersionOneAndChampion()
    {
        var number = _registry.TakeIn(CommittedPredictor.Folder, "test");

        Assert.Equal(1, number);
        Assert.Equal(1, _registry.Aliases().Champion);
        Assert.Equal(CommittedPredictor.Artifact.Version, _registry.Load(1).Version);
        Assert.Equal(RegistryAct.TakeIn, Assert.Single(_registry.History()).What);
    }

    [Fact]
    public void TakeIn_Again_ChangesNothing()
    {
        _registry.TakeIn(CommittedPredictor.Folder, "test");

        Assert.Equal(1, _registry.TakeIn(CommittedPredictor.Folder, "test"));

        Assert.Single(_registry.List());
        Assert.Single(_registry.History());
    }

    [Fact]
    public void TakeIn_NewerOfTheModel_FollowsTheOneThatCameBeforeButNotARetrainedOne()
    {
        _filled.CopyTo(_state.Path);
        var newer = OtherPredictor.Save(_state.Combine("newer"), seed: 7);

        Assert.Equal(6, _registry.TakeIn(newer, "test"));
        Assert.Equal(6, _registry.Aliases().Champion);
        _registry.Rollback("test", "the earlier one was better");
        Assert.Equal(6, _registry.TakeIn(newer, "test"));
        Assert.Equal(1, _registry.Aliases().Champion);
        _registry.Promote(Second, "test", "better");
        Assert.Equal(7, _registry.TakeIn(OtherPredictor.Save(_state.Combine("newest"), seed: 8), "test"));

        Assert.Equal(Second, _registry.Aliases().Champion);
    }

    [Fact]
    public void TakeIn_PredictorOfAnotherModel_IsRefusedAndNothingWritten()
    {
        var other = PredictorRegistry.Open(_state.Path, new ModelIdentity("other", new string('0', 64)), TimeProvider.System);

        Assert.Throws<PredictorException>(() => other.TakeIn(CommittedPredictor.Folder, "test"));

        Assert.Empty(Directory.GetFileSystemEntries(_state.Path));
    }

    [Fact]
    public void Add_ThenGet_KeepsWhereItComesFrom()
    {
        _filled.CopyTo(_state.Path);

        var number = Add(seed: 16, FilledRegistry.FailedReport);

        var version = _registry.Get(number);
        Assert.Equal(6, number);
        Assert.Null(version.Fault);
        Assert.Equal(("ada", "drift", 1), (version.Origin?.By, version.Origin?.Why, version.Origin?.Parent));
        Assert.Equal(0.9, version.Origin?.Figures["accuracy"]);
        Assert.Equal(FilledRegistry.FailedReport.Checks, version.Origin?.Gate?.Checks);
        Assert.False(version.Origin?.Gate?.Passed);
        Assert.Equal(1, _registry.Aliases().Champion);
    }

    [Fact]
    public void Add_DamagedFolder_IsRefusedAndNothingRegistered()
    {
        var folder = OtherPredictor.Save(_state.Combine("damaged"), seed: 3);
        File.AppendAllText(Path.Combine(folder, "calibration.json"), " ");

        var refused = Assert.Throws<PredictorException>(() => _registry.Add(folder, FilledRegistry.OriginWith(FilledRegistry.GoodReport)));

        Assert.Contains("calibration.json", refused.Message, StringComparison.Ordinal);
        Assert.Empty(_registry.List());
    }

    [Fact]
    public void Promote_WithoutAPassedGate_IsRefusedByNameUnlessOverruled()
    {
        _filled.CopyTo(_state.Path);

        var refused = Assert.Throws<RegistryException>(() => _registry.Promote(Failed, "ada", "wish"));
        Assert.Throws<RegistryException>(() => _registry.Promote(Unchecked, "ada", "wish"));
        Assert.Throws<RegistryException>(() => _registry.Promote(Failed, "ada", why: " ", force: true));

        Assert.Equal(RegistryFault.GateNotPassed, refused.Fault);
        Assert.Contains("Version 4", refused.Message, StringComparison.Ordinal);
        Assert.Contains("accuracy at equal cost is -0.2, bound 0", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("calibration", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, _registry.Aliases().Champion);

        var change = _registry.Promote(Failed, "ada", "known slice", force: true);
        Assert.True(change.Forced);
        Assert.Equal(change.Why, _registry.History()[^1].Why);
        Assert.Equal(Failed, _registry.Aliases().Champion);
    }

    [Fact]
    public void Promote_DamagedVersion_IsRefusedAndTheChampionStays()
    {
        _filled.CopyTo(_state.Path);
        File.AppendAllText(Path.Combine(_registry.Get(Second).Folder, "prior-1.zip"), "x");

        var refused = Assert.Throws<RegistryException>(() => _registry.Promote(Second, "ada", "better"));

        Assert.Equal(RegistryFault.Unusable, refused.Fault);
        Assert.Contains("prior-1.zip", refused.Message, StringComparison.Ordinal);
        Assert.Contains("prior-1.zip", _registry.Get(Second).Fault, StringComparison.Ordinal);
        Assert.Equal(1, _registry.Aliases().Champion);
    }

    [Fact]
    public void Rollback_AfterPromotes_GoesBackOneByOne()
    {
        _filled.CopyTo(_state.Path);
        _registry.Promote(Second, "ada", "better");
        _registry.Promote(Third, "ada", "better still");

        Assert.Equal((3, 2), Versions(_registry.Rollback("ada", "worse")));
        Assert.Equal((2, 1), Versions(_registry.Rollback("ada", "worse")));
        Assert.Equal(RegistryFault.NothingToRollBack, Assert.Throws<RegistryException>(() => _registry.Rollback("ada", "worse")).Fault);
        Assert.Equal([1, 2, 3, 4, 5], _registry.History().Select(static change => change.Sequence));
    }

    [Fact]
    public void Rollback_WhileACanaryRuns_EndsItAndTheChampionStays()
    {
        _filled.CopyTo(_state.Path);
        _registry.Promote(Second, "ada", "better");
        _registry.SetChallenger(Third, ChallengerStage.Canary, 0.1, "ada", "try");

        var change = _registry.Rollback("m3", "worse", new() { ["loss"] = 0.2 });

        Assert.Equal((RegistryAct.EndTrial, 3, null), (change.What, change.From, change.To));
        Assert.Equal((2, null), (_registry.Aliases().Champion, _registry.Aliases().Challenger));
        Assert.Equal(0.2, _registry.History()[^1].Figures["loss"]);
    }

    [Fact]
    public void SetChallenger_ThenPromote_LeavesNoChallenger()
    {
        _filled.CopyTo(_state.Path);
        _registry.SetChallenger(Second, ChallengerStage.Shadow, 0, "ada", "look");
        _registry.SetChallenger(Second, ChallengerStage.Canary, 0.05, "ada", "try");
        Assert.Equal((Second, ChallengerStage.Canary, 0.05), (_registry.Aliases().Challenger?.Version, _registry.Aliases().Challenger?.Stage, _registry.Aliases().Challenger?.Share));

        _registry.Promote(Second, "ada", "no worse");

        Assert.Null(_registry.Aliases().Challenger);
    }

    [Theory]
    [InlineData(ChallengerStage.Canary, 0)]
    [InlineData(ChallengerStage.Canary, 1)]
    [InlineData(ChallengerStage.Experiment, double.NaN)]
    [InlineData(ChallengerStage.Shadow, 0.5)]
    public void SetChallenger_ImpossibleShare_IsRefused(ChallengerStage stage, double share)
    {
        _filled.CopyTo(_state.Path);

        Assert.Equal(RegistryFault.Invalid, Assert.Throws<RegistryException>(() => _registry.SetChallenger(Second, stage, share, "ada", "try")).Fault);
    }

    [Fact]
    public void SetChallenger_FailedGate_MayLookButNotDecide()
    {
        _filled.CopyTo(_state.Path);

        _registry.SetChallenger(Failed, ChallengerStage.Shadow, 0, "ada", "look");

        Assert.Equal(RegistryFault.GateNotPassed, Assert.Throws<RegistryException>(() => _registry.SetChallenger(Failed, ChallengerStage.Canary, 0.1, "ada", "try")).Fault);
    }

    [Fact]
    public void Get_NoSuchVersion_SaysWhatThereIs() =>
        Assert.Equal(RegistryFault.NoSuchVersion, Assert.Throws<RegistryException>(() => _registry.Get(9)).Fault);

    [Fact]
    public void Aliases_Damaged_NamesTheFileAndTheRemedy()
    {
        _filled.CopyTo(_state.Path);
        File.WriteAllText(Path.Combine(_registry.Folder, "aliases.json"), "{");

        Assert.Contains("aliases.json", Assert.Throws<RegistryException>(() => _registry.Aliases()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void History_LineThatACrashKeptBack_IsMadeUpFor()
    {
        _filled.CopyTo(_state.Path);
        var history = Path.Combine(_registry.Folder, "history.jsonl");
        var before = File.ReadAllText(history);
        _registry.Promote(Second, "ada", "better");
        File.WriteAllText(history, before + "{\"sequ");                             // the process died while it wrote the line

        Assert.Equal([1, 2], _registry.History().Select(static change => change.Sequence));
        _registry.Rollback("ada", "worse");

        Assert.Equal([1, 2, 3], _registry.History().Select(static change => change.Sequence));
        Assert.Equal(3, File.ReadAllLines(history).Length);
    }

    [Fact]
    public void Add_AfterACrashInTheMiddle_ClearsWhatWasLeftAndGoesOn()
    {
        _registry.TakeIn(CommittedPredictor.Folder, "test");
        Directory.CreateDirectory(Path.Combine(_registry.Folder, "versions", "2.unfinished.0123.unfinished"));
        OtherPredictor.Save(Path.Combine(_registry.Folder, "versions", "2.unfinished"), seed: 5);
        File.WriteAllText(Path.Combine(_registry.Folder, "aliases.json.unfinished"), "{\"champ");
        Assert.Single(_registry.List());

        _registry.Promote(Add(seed: 6, FilledRegistry.GoodReport), "ada", "better");

        Assert.Equal(2, _registry.Aliases().Champion);
        Assert.Equal(["1", "2"], Directory.GetFileSystemEntries(Path.Combine(_registry.Folder, "versions")).Select(static path => Path.GetFileName(path)).Order());
        Assert.False(File.Exists(Path.Combine(_registry.Folder, "aliases.json.unfinished")));
    }

    [Fact]
    public async Task Promote_FromManySides_LosesNoChange()
    {
        _filled.CopyTo(_state.Path);
        int[] numbers = [Second, Third, Failed, Unchecked];

        await Task.WhenAll(numbers.Select(number => Task.Run(
            () => PredictorRegistry.Open(_state.Path, CommittedPredictor.Model, TimeProvider.System).Promote(number, "ada", "race", force: true))));

        Assert.Equal([1, 2, 3, 4, 5], _registry.History().Select(static change => change.Sequence));
        Assert.Equal(_registry.History().Skip(1).Select(static change => change.From), _registry.History().SkipLast(1).Select(static change => change.To));
        Assert.Equal(4, _registry.Aliases().Before.Count);
    }

    private int Add(int seed, GateReport gate) => _registry.Add(OtherPredictor.Save(_state.Combine($"made-{seed}"), seed), FilledRegistry.OriginWith(gate));

    private static (int?, int?) Versions(RegistryChange change) => (change.From, change.To);
}
