using M3.Adaptive.Core;
using M3.Adaptive.Store.Databases;
using M3.Adaptive.TestKit.Files;
using M3.Adaptive.TestKit.Time;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace M3.Adaptive.Store.Tests.Doubles;

/// <summary>A real store in a folder of its own, on a clock that only tests move.</summary>
internal sealed class TestStore : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TestStore() => File = new SqliteFile(_folder.Combine("state", "m3.db"), Synchronous.Normal) { LockWait = TimeSpan.FromMilliseconds(100) };

    public SqliteFile File { get; }

    public string Folder => _folder.Path;

    public string Combine(string name) => _folder.Combine(name);

    public FakeTimeProvider Clock { get; } = new(Some.Noon);

    public AdaptiveStore Store => field ??= Make();

    /// <summary>Another user of the same file, as another process would be.</summary>
    public AdaptiveStore Make() => new(File, new StoreOptions(), Clock, NullLoggerFactory.Instance);

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
