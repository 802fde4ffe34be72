using M3.Adaptive.Store.Databases;

namespace M3.Adaptive.Store.Writing;

/// <summary>Has a database tidied after every so many commits, beside further ones, on a thread of its own: it blocks.</summary>
internal sealed class Tidier : IDisposable
{
    /// <summary>Commits from one time to the next: SQLite waits for the device when its log begins anew, which so are few requests.</summary>
    public const int Interval = 1000;

    private readonly StoreDatabase _database;
    private readonly AutoResetEvent _due = new(initialState: false);
    private readonly Thread _thread;
    private int _commits;
    private volatile bool _isClosed;

    public Tidier(StoreDatabase database)
    {
        _database = database;
        _thread = new Thread(Tidy) { IsBackground = true, Name = "store tidier" };
        _thread.Start();
    }

    /// <summary>Counts a commit. Not thread-safe.</summary>
    public void Count()
    {
        if (++_commits % Interval == 0) _due.Set();
    }

    /// <summary>Returns once nothing runs any more.</summary>
    public void Dispose()
    {
        _isClosed = true;
        _due.Set();
        _thread.Join();
        _due.Dispose();
    }

    private void Tidy()
    {
        while (_due.WaitOne() && !_isClosed)
        {
            try
            {
                _database.Tidy();
            }
            catch (Exception fault) when (_database.IsOutage(fault))
            {
                // Those who commit are told, and the next time all that is left is moved.
            }
        }
    }
}
