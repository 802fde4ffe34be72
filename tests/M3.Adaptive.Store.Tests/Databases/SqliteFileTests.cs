using M3.Adaptive.Core;
using M3.Adaptive.Store.Tests.Doubles;
using M3.Adaptive.Store.Writing;
using M3.Adaptive.TestKit.Time;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace M3.Adaptive.Store.Tests.Databases;

/// <summary>What can go wrong with the file: told clearly, nothing acknowledged is lost, and the store goes on by itself.</summary>
public sealed class SqliteFileTests : IAsyncLifetime
{
    private readonly TestStore _kept = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _kept.DisposeAsync().AsTask();

    [Fact]
    public async Task Open_NewFile_IsItsOwnersAlone()
    {
        var store = await _kept.OpenAsync();
        await store.Decisions.AppendAsync(Some.Decision(1), null, default).Soon();

        var files = Directory.GetFiles(_kept.Combine("state"));

        Assert.Contains(files, file => file.EndsWith("-wal", StringComparison.Ordinal));
        Assert.All(files, file => Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite)));
    }

    [Fact]
    public async Task Prepare_FailsOnANewFile_LeavesNoFile()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _kept.File.PrepareAsync(new CancellationToken(canceled: true)).Soon());

        Assert.Empty(Directory.GetFiles(_kept.Combine("state")));
    }

    [Fact]
    public async Task Append_ManyCommits_AreMovedFromTheLogIntoTheFile()
    {
        var store = await _kept.OpenAsync();
        var before = new FileInfo(_kept.File.Place).Length;

        for (var i = 0; i < Tidier.Interval; i++) await store.Decisions.AppendAsync(Some.Decision(i), null, default).Soon();

        await UntilAsync(() => new FileInfo(_kept.File.Place).Length > before).Soon();
    }

    [Fact]
    public async Task Tidy_NobodyWrites_LetsTheLogBeginAnew()
    {
        var store = await _kept.OpenAsync();
        for (var i = 0; i < 10; i++) await store.Decisions.AppendAsync(Some.Decision(i), null, default).Soon();
        var log = new FileInfo(_kept.File.Place + "-wal").Length;

        _kept.File.Tidy();
        for (var i = 10; i < 15; i++) await store.Decisions.AppendAsync(Some.Decision(i), null, default).Soon();

        Assert.Equal(log, new FileInfo(_kept.File.Place + "-wal").Length);
        Assert.Equal(Enumerable.Range(0, 15), await _kept.NumbersAsync());
    }

    [Fact]
    public async Task Append_DiskFull_FailsClearlyAndMendsItself()
    {
        var store = await _kept.OpenAsync();
        await store.Decisions.AppendAsync(Some.Decision(1), null, default).Soon();
        await store.DisposeAsync();
        _kept.File.MaxPages = 1;                                              // fewer than it has: not one more
        await using var full = _kept.Make();

        var fault = await Assert.ThrowsAsync<StoreUnavailableException>(() => full.Decisions.AddAsync([.. Enumerable.Range(2, 500).Select(Some.Decision)], default).Soon());

        Assert.Contains("no room", fault.Message);
        Assert.Equal([1], await _kept.NumbersAsync());
        _kept.File.MaxPages = 0;
        await full.Decisions.AppendAsync(Some.Decision(2), null, default).Soon();
        Assert.Equal([1, 2], await _kept.NumbersAsync());
    }

    [Fact]
    public async Task Append_LockedByAnother_FailsClearlyUntilItIsFree()
    {
        var store = await _kept.OpenAsync();
        await using var other = new SqliteConnection($"Data Source={store.Place};Pooling=False");
        other.Open();
        await using (other.BeginTransaction(deferred: false))
        {
            var fault = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.Decisions.AppendAsync(Some.Decision(1), null, default).Soon());
            Assert.Contains("locked by another program", fault.Message);
        }

        await store.Decisions.AppendAsync(Some.Decision(2), null, default).Soon();
        Assert.Equal([2], await _kept.NumbersAsync());
    }

    [Fact]
    public async Task Append_FileDeleted_BeginsAnewInsteadOfWritingForNobody()
    {
        var store = await _kept.OpenAsync();
        await store.Decisions.AppendAsync(Some.Decision(1), null, default).Soon();
        Directory.Delete(_kept.Combine("state"), recursive: true);

        await store.Decisions.AppendAsync(Some.Decision(2), null, default).Soon();

        Assert.Equal([2], await _kept.NumbersAsync());
    }

    [Fact]
    public async Task Open_FolderIsAFile_NamesItAndLeavesIt()
    {
        File.WriteAllText(_kept.Combine("state"), "mine");

        Assert.Throws<StoreException>(_kept.Store.Probe);
        var fault = await Assert.ThrowsAsync<StoreException>(_kept.OpenAsync);

        Assert.Contains(_kept.Combine("state"), fault.Message);
        Assert.Contains("M3_STATE", fault.Message);
        Assert.Equal("mine", File.ReadAllText(_kept.Combine("state")));
    }

    [Fact]
    public async Task Open_FileIsNoDatabase_NamesItAndLeavesIt()
    {
        Directory.CreateDirectory(_kept.Combine("state"));
        File.WriteAllText(_kept.File.Place, new string('x', 5000));

        var fault = await Assert.ThrowsAsync<StoreException>(_kept.OpenAsync);

        Assert.Contains("damaged or no database", fault.Message);
        Assert.Equal(new string('x', 5000), File.ReadAllText(_kept.File.Place));
    }

    [Fact]
    public async Task Open_FileOfAnEarlierVersion_KeepsWhatItHoldsAndGainsTheRest()
    {
        Directory.CreateDirectory(_kept.Combine("state"));
        File.WriteAllBytes(_kept.File.Place, []);
        await using (var earlier = _kept.File.CreateContext())
        {
            await earlier.GetService<IMigrator>().MigrateAsync("Initial").Soon();
            Execute(
                """
                INSERT INTO decisions (id, at, tenant, request_id, model_version, predictor_version, feature_version, image_hash, features, success, propensity, path, visual_tokens, flops, seconds)
                VALUES ('00000000-0000-0000-0000-000000000001', 1, 'acme', 'r1', 'm@1', '', 0, '00', x'', x'', 1, '[]', 0, 0, 0)
                """);
        }

        var store = await _kept.OpenAsync();

        var kept = Assert.Single(await _kept.ReadAsync());
        Assert.Equal(("r1", PredictorAlias.Champion, 1), (kept.RequestId, kept.Alias, kept.AliasPropensity));
        await store.Keys.CreateAsync("acme", KeyRole.Client, "me", default).Soon();
    }

    [Fact]
    public async Task Open_OfANewerVersion_SaysSo()
    {
        await _kept.OpenAsync();
        Execute("INSERT INTO __EFMigrationsHistory VALUES ('99999999999999_Later', '99.0.0')");

        await using var older = _kept.Make();
        var fault = await Assert.ThrowsAsync<StoreException>(() => older.OpenAsync(default).Soon());

        Assert.Contains("newer version", fault.Message);
    }

    [Fact]
    public async Task Open_ByManyAtOnce_BringsItUpToDateOnce()
    {
        AdaptiveStore[] stores = [.. Enumerable.Range(0, 8).Select(_ => _kept.Make())];

        await Task.WhenAll(stores.Select(store => store.OpenAsync(default))).Soon();

        await Task.WhenAll(stores.Select((store, i) => store.Decisions.AppendAsync(Some.Decision(i), null, default).AsTask())).Soon();
        foreach (var store in stores) await store.DisposeAsync();
        Assert.Equal(Enumerable.Range(0, 8), await _kept.NumbersAsync());
    }

    // The library's lock is a row, which outlives its process.
    [Fact]
    public async Task Open_AfterAKillWhileMigrating_GoesOn()
    {
        Directory.CreateDirectory(_kept.Combine("state"));
        Execute("CREATE TABLE __EFMigrationsLock (Id INTEGER PRIMARY KEY, Timestamp TEXT NOT NULL); INSERT INTO __EFMigrationsLock VALUES (1, '2030-01-01')");

        var store = await _kept.OpenAsync();

        await store.Decisions.AppendAsync(Some.Decision(1), null, default).Soon();
    }

    [Fact]
    public async Task Probe_NothingThereYet_LeavesNothing()
    {
        _kept.Store.Probe();
        await Task.CompletedTask;

        Assert.Empty(Directory.GetFileSystemEntries(_kept.Folder));
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        while (!isSo()) await Task.Yield();
    }

    private void Execute(string statements)
    {
        using var connection = new SqliteConnection($"Data Source={_kept.File.Place};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = statements;
        command.ExecuteNonQuery();
    }
}
