using M3.Adaptive.Core;
using M3.Adaptive.Store.Databases;
using M3.Adaptive.TestKit.Databases;
using M3.Adaptive.TestKit.Files;
using M3.Adaptive.TestKit.Time;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace M3.Adaptive.Store.Tests.Doubles;

/// <summary>A real store of its own, on a clock that only tests move: a file in a temporary folder, or a database of the PostgreSQL server.</summary>
internal sealed class TestStore : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Func<StoreDatabase> _database;

    public TestStore()
    {
        File = new SqliteFile(_folder.Combine("state", "m3.db"), Synchronous.Normal) { LockWait = TimeSpan.FromMilliseconds(100) };
        _database = () => File;
    }

    private TestStore(string connectionString)
        : this() => _database = () => new PostgreSqlServer(connectionString);

    public SqliteFile File { get; }

    public string Folder => _folder.Path;

    public FakeTimeProvider Clock { get; } = new(Some.Noon);

    public AdaptiveStore Store => field ??= Make();

    public static async Task<TestStore> OnAsync(PostgreSqlCluster? cluster) => cluster is null ? new TestStore() : new TestStore(await cluster.NewDatabaseAsync());

    public string Combine(string name) => _folder.Combine(name);

    /// <summary>Another user of the same database, as another process would be.</summary>
    public AdaptiveStore Make() => new(_database(), new StoreOptions(), Clock, NullLoggerFactory.Instance);

    public async Task<AdaptiveStore> OpenAsync()
    {
        await Store.OpenAsync(default).Soon();
        return Store;
    }

    /// <summary>The decisions that are kept, oldest first.</summary>
    public async Task<IReadOnlyList<int>> NumbersAsync() => [.. (await ReadAsync()).Select(Some.NumberOf)];

    public async Task<IReadOnlyList<DecisionRecord>> ReadAsync() => await Store.Decisions.ReadAsync(null, null, default).ToListAsync().AsTask().Soon();

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync().Soon();
        _folder.Dispose();
    }
}
