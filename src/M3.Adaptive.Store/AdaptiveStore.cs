using M3.Adaptive.Core;
using M3.Adaptive.Store.Budgets;
using M3.Adaptive.Store.Databases;
using M3.Adaptive.Store.Decisions;
using M3.Adaptive.Store.Keys;
using M3.Adaptive.Store.Leases;
using M3.Adaptive.Store.Outcomes;
using M3.Adaptive.Store.Schema;
using M3.Adaptive.Store.Trials;
using M3.Adaptive.Store.Upkeep;
using M3.Adaptive.Store.Writing;
using Microsoft.Extensions.Logging;

namespace M3.Adaptive.Store;

/// <summary>
/// Everything that outlives a request, in one database: a SQLite file of this machine, or a PostgreSQL server that service processes share.
/// Safe for concurrent use once it is open.
/// </summary>
public sealed class AdaptiveStore : IStateStore, IAsyncDisposable
{
    /// <summary>Name of SQLite's file in the state folder.</summary>
    public const string FileName = "m3.db";

    private readonly StoreDatabase _database;
    private readonly GroupCommit _writer;
    private readonly ProcessLease _lease;
    private readonly Housekeeping _housekeeping;

    /// <summary>Nothing is opened or made yet.</summary>
    /// <param name="stateFolder">Where SQLite's file lies; without meaning for PostgreSQL.</param>
    /// <exception cref="StoreException">The settings name no database.</exception>
    public AdaptiveStore(StoreOptions options, string stateFolder, TimeProvider clock, ILoggerFactory loggers)
        : this(
            options.PostgreSql is { } server ? new PostgreSqlServer(server) : new SqliteFile(Path.Combine(stateFolder, FileName), options.Synchronous),
            options, clock, loggers)
    {
    }

    internal AdaptiveStore(StoreDatabase database, StoreOptions options, TimeProvider clock, ILoggerFactory loggers)
    {
        _database = database;
        _writer = new GroupCommit(database, loggers.CreateLogger<GroupCommit>());
        _lease = new ProcessLease(_writer, clock, options.LeaseTime);
        Budgets = new BudgetStore(database, _writer, _lease, clock);
        Decisions = new DecisionStore(database, _writer, Budgets);
        Recent = new RecentDecisions(database);
        Keys = new KeyStore(database, _writer, clock);
        Outcomes = new OutcomeStore(_writer, clock);
        Trials = new TrialStore(database);
        _housekeeping = new Housekeeping(_lease, Decisions, Budgets, options.RetainFor, clock, loggers.CreateLogger<Housekeeping>());
    }

    public DecisionStore Decisions { get; }

    /// <summary>The same decisions, for people to look at.</summary>
    public RecentDecisions Recent { get; }

    public BudgetStore Budgets { get; }

    public KeyStore Keys { get; }

    public OutcomeStore Outcomes { get; }

    public TrialStore Trials { get; }

    /// <summary>File or server, for people.</summary>
    public string Place => _database.Place;

    /// <summary>Finds out whether it can be opened later; leaves nothing behind.</summary>
    /// <exception cref="StoreException">It cannot; the message says why and what helps.</exception>
    public void Probe() => _database.Probe();

    /// <summary>Makes the database if need be and brings its tables up to date.</summary>
    /// <exception cref="StoreException">It cannot be used; the message says why and what helps.</exception>
    public Task OpenAsync(CancellationToken cancellation) => _database.PrepareAsync(cancellation);

    /// <summary>Opens it for a service: from now on its lease is renewed and old decisions are forgotten, until it is disposed of.</summary>
    /// <exception cref="StoreException">It cannot be used; the message says why and what helps.</exception>
    public async Task OpenForServiceAsync(CancellationToken cancellation)
    {
        await OpenAsync(cancellation);
        try
        {
            await _lease.RenewAsync(cancellation);
        }
        catch (StoreUnavailableException fault)
        {
            throw new StoreException(fault.Message, fault);
        }

        _housekeeping.Start();
    }

    /// <summary>Returns when something could be kept now: this process's lease was renewed.</summary>
    /// <exception cref="StoreUnavailableException">Nothing can be kept now, as when the disk is full.</exception>
    public async ValueTask CheckAsync(CancellationToken cancellation) => await _lease.RenewAsync(cancellation);

    /// <summary>One turn of what a service does by the clock.</summary>
    internal Task KeepHouseAsync() => _housekeeping.TakeTurnAsync(CancellationToken.None);

    /// <summary>The tables, over a connection of its own.</summary>
    internal StoreContext CreateContext() => _database.CreateContext();

    /// <summary>Commits what has arrived, gives the lease back and closes the database.</summary>
    public async ValueTask DisposeAsync()
    {
        await _housekeeping.DisposeAsync();
        await _writer.DisposeAsync();
    }
}
