using System.Collections.Concurrent;
using M3.Adaptive.Core;
using M3.Adaptive.Store.Databases;
using Microsoft.Extensions.Logging;

namespace M3.Adaptive.Store.Writing;

/// <summary>
/// The one writer of this process. Work that arrives while a commit is on its way shares the next one, so that durability costs one flush
/// for many requests. Work that finds nobody writing, and whose commit waits for no device, is committed by its caller's own thread: waking another one
/// takes longer. A fault of the database ends what is waiting, and the next work tries again on a new connection. Safe for concurrent use.
/// </summary>
internal sealed class GroupCommit : IAsyncDisposable
{
    private const int MaxBatch = 1024;

    private const int MaxTries = 5;

    // Requests that arrive beside one another make two or three; only a writer that cannot keep up makes more, and would keep other processes out.
    private const int MaxInARow = 4;

    private readonly StoreDatabase _database;
    private readonly ILogger _logger;
    private readonly Tidier? _tidier;
    private readonly BlockingCollection<StoreWork> _arrivals = [];
    private readonly ManualResetEventSlim _closing = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _turn = new();                                       // held by who writes; guards the session
    private StoreSession? _session;
    private bool _isOut, _isClosed;
    private int _disposed;

    public GroupCommit(StoreDatabase database, ILogger<GroupCommit> logger)
    {
        _database = database;
        _logger = logger;
        if (database.NeedsTidying) _tidier = new Tidier(database);
        // A thread of its own: SQLite's calls block, and the pool has as few threads as the machine has cores.
        new Thread(Write) { IsBackground = true, Name = "store writer" }.Start();
    }

    /// <summary>Runs the work in the next commit and returns its result once that is durable. A call cancelled while waiting may still have been kept.</summary>
    /// <param name="work">Runs on the writer's thread, perhaps twice; must touch nothing but the session.</param>
    /// <exception cref="StoreUnavailableException">The database refused; as far as it tells, nothing of this work is kept.</exception>
    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    public Task<T> RunAsync<T>(Func<StoreSession, T> work, CancellationToken cancellation) => RunAsync(new StoreWork<T>(work), cancellation);

    /// <inheritdoc cref="RunAsync{T}(Func{StoreSession, T}, CancellationToken)"/>
    public async Task<T> RunAsync<T>(StoreWork<T> pending, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        if (TryCommitHere(pending)) return await pending.Durable;
        ObjectDisposedException.ThrowIf(!TryAdd(pending), this);
        return await pending.Durable.WaitAsync(cancellation);
    }

    /// <summary>Commits what has arrived, then closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        _arrivals.CompleteAdding();
        _closing.Set();
        await _ended.Task;
        _arrivals.Dispose();
        _closing.Dispose();
    }

    private bool TryCommitHere(StoreWork work)
    {
        if (!_database.IsQuick(work.MustOutlastPower) || _arrivals.Count > 0 || !_turn.TryEnter()) return false;
        try
        {
            if (_isClosed) return false;
            Commit([work]);
            return true;
        }
        finally
        {
            _turn.Exit();
        }
    }

    private bool TryAdd(StoreWork work)
    {
        try
        {
            return _arrivals.TryAdd(work);
        }
        catch (InvalidOperationException)
        {
            return false;                                                     // closed in this very moment
        }
    }

    private void Write()
    {
        var batch = new List<StoreWork>();
        var inARow = 0;
        foreach (var first in _arrivals.GetConsumingEnumerable())
        {
            lock (_turn)                                                       // what arrives while it is waited for shares the commit
            {
                batch.Add(first);
                while (batch.Count < MaxBatch && _arrivals.TryTake(out var next)) batch.Add(next);
                Commit([.. batch.OrderBy(static work => work.Order, StringComparer.Ordinal)]);
            }

            batch.Clear();
            inARow = _arrivals.Count > 0 ? inARow + 1 : 0;
            if (inARow < MaxInARow) continue;
            _closing.Wait(_database.Pause);
            inARow = 0;
        }

        lock (_turn)
        {
            _tidier?.Dispose();
            _session?.Dispose();
            _isClosed = true;
        }

        _ended.SetResult();
    }

    private void Commit(IReadOnlyList<StoreWork> batch)
    {
        var isReused = _session is not null;
        var fault = TryCommit(batch, out var isUndone);
        // A connection may have died while nothing was written; so may the database have been restarted.
        if (fault is not null && isReused && isUndone && _database.IsOutage(fault)) fault = TryCommit(batch, out isUndone);
        for (var tries = 1; fault is not null && _database.IsContention(fault) && tries < MaxTries; tries++) fault = TryCommit(batch, out isUndone);
        if (fault is null)
        {
            if (_isOut) StoreLog.IsBack(_logger, _database.Place);
            _isOut = false;
            _tidier?.Count();
            foreach (var work in batch) work.Succeed();
        }
        else if (batch.Count > 1 && !_database.IsOutage(fault))
        {
            foreach (var work in batch) Commit([work]);                      // one of them is at fault, and fails alone
        }
        else
        {
            Fail(batch, fault);
        }
    }

    /// <param name="isUndone">Whether it is certain that nothing was kept: the fault came before the commit itself.</param>
    private Exception? TryCommit(IReadOnlyList<StoreWork> batch, out bool isUndone)
    {
        isUndone = true;
        try
        {
            if (_session is { IsLive: false }) Close();
            _session ??= new StoreSession(_database);
            _session.Begin(batch.Any(static work => work.MustOutlastPower));
            foreach (var work in batch) work.Run(_session);
            isUndone = false;
            _session.Commit();
            return null;
        }
        catch (Exception fault)                                               // goes to every caller that waits for it
        {
            Close();
            return fault;
        }
    }

    private void Fail(IReadOnlyList<StoreWork> batch, Exception fault)
    {
        var told = fault;
        if (_database.IsOutage(fault))
        {
            told = new StoreUnavailableException(_database.Explain(fault), fault);
            if (!_isOut) StoreLog.IsOut(_logger, told.Message);
            _isOut = true;
        }

        foreach (var work in batch) work.Fail(told);
    }

    private void Close()
    {
        try
        {
            _session?.Dispose();
        }
        catch (Exception fault) when (_database.IsOutage(fault))
        {
            // What cannot be rolled back any more is undone by the database itself; the callers are told of the first fault.
        }

        _session = null;
    }
}
