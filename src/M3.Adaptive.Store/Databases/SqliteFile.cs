using System.Data.Common;
using M3.Adaptive.Store.Schema;
using M3.Adaptive.Store.Schema.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace M3.Adaptive.Store.Databases;

/// <summary>One SQLite file with a write-ahead log beside it, its owner's alone. Processes of one machine share it.</summary>
internal sealed class SqliteFile(string path, Synchronous synchronous) : StoreDatabase
{
    // Result codes of SQLite, sqlite.org/rescode.html.
    private const int Busy = 5, Locked = 6, ReadOnly = 8, Corrupt = 11, Full = 13, CannotOpen = 14, Constraint = 19, NoDatabase = 26;

    private const string TurnEnding = "-turn";

    // Of the log, 64 MB: at so many a commit moves them into the file itself, as nobody else could keep up.
    private const int MaxLogPages = 16_384;

    private const int TidyingRounds = 10;

    // Linux's EWOULDBLOCK, which the runtime gives as the code of its exception.
    private const int HeldByAnother = 11;

    private readonly string _path = System.IO.Path.GetFullPath(path);

    public override string Place => _path;

    public override TimeSpan Pause => TimeSpan.FromMilliseconds(1);

    public override bool IsQuick(bool outlastsPower) => !outlastsPower || synchronous == Synchronous.Normal;

    /// <summary>How long a lock that another program holds is waited for.</summary>
    public TimeSpan LockWait { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Pages that the file may have; 0 leaves it to the disk.</summary>
    public int MaxPages { get; set; }

    // SQLite goes on writing to a file that was deleted, for nobody.
    public override bool IsThere => File.Exists(_path);

    private string ConnectionString => new SqliteConnectionStringBuilder
    {
        DataSource = _path,
        Mode = SqliteOpenMode.ReadWrite,
        Pooling = false,
        DefaultTimeout = (int)Math.Ceiling(LockWait.TotalSeconds),
    }.ToString();

    public override StoreContext CreateContext() => SqliteStoreContext.Open(ConnectionString);

    public override DbConnection Connect()
    {
        // The writer's own thread: nobody waits for it here but those who wait for a commit.
        if (!IsThere) PrepareAsync(CancellationToken.None).GetAwaiter().GetResult();
        var connection = new SqliteConnection(ConnectionString);
        try
        {
            connection.Open();
            Execute(connection, $"PRAGMA busy_timeout = {(int)LockWait.TotalMilliseconds}");
            Execute(connection, $"PRAGMA synchronous = {synchronous}");
            Execute(connection, $"PRAGMA wal_autocheckpoint = {MaxLogPages}");
            if (MaxPages > 0) Execute(connection, $"PRAGMA max_page_count = {MaxPages}");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public override void SetDurability(DbConnection connection, bool outlastsPower)
    {
        if (synchronous != Synchronous.Normal) Execute((SqliteConnection)connection, $"PRAGMA synchronous = {(outlastsPower ? synchronous : Synchronous.Normal)}");
    }

    public override bool NeedsTidying => true;

    // Left to commits, it would have one of them, and all that wait for it, wait for the device. What is committed meanwhile takes another round; once nothing
    // is left, the log begins anew at its start.
    public override void Tidy()
    {
        using var connection = new SqliteConnection(ConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(PASSIVE)";
        for (var round = 0; round < TidyingRounds; round++)
        {
            using var row = command.ExecuteReader();
            if (row.Read() && row.GetInt64(1) == row.GetInt64(2)) return;
        }
    }

    // The library would have it compiled each time.
    public override string Beginning => "BEGIN IMMEDIATE";

    public override bool IsOutage(Exception fault) =>
        fault is SqliteException { SqliteErrorCode: not Constraint } or IOException or UnauthorizedAccessException or StoreException;

    // It has one lock, which is waited for.
    public override bool IsContention(Exception fault) => false;

    public override string Explain(Exception fault) => fault switch
    {
        SqliteException { SqliteErrorCode: Busy or Locked } => $"{_path} is locked by another program: end that program.",
        SqliteException { SqliteErrorCode: Full } => $"there is no room for {_path}: free some on its disk.",
        SqliteException { SqliteErrorCode: ReadOnly or CannotOpen } or UnauthorizedAccessException =>
            $"{_path} cannot be written: give this user write access to it and its folder, or set M3_STATE to another folder.",
        SqliteException { SqliteErrorCode: Corrupt or NoDatabase } => $"{_path} is damaged or no database: put a copy in its place, or move it away to begin anew.",
        StoreException => fault.Message,
        _ => $"{_path} cannot be used: {fault.Message.TrimEnd('.')}. Mend that, or set M3_STATE to another folder.",
    };

    public override void Probe()
    {
        try
        {
            if (IsThere)
            {
                using var file = new FileStream(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
                return;
            }

            // The nearest folder that exists is where the first new one, or the file, will be made.
            var folder = System.IO.Path.GetDirectoryName(_path);
            while (folder is not null && !System.IO.Path.Exists(folder)) folder = System.IO.Path.GetDirectoryName(folder);
            using var trial = new FileStream(System.IO.Path.Combine(folder ?? "/", $".m3-{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(Explain(fault), fault);
        }
    }

    protected override async Task MigrateAsync(CancellationToken cancellation)
    {
        var isNew = !IsThere;
        CreateFile();
        await using var turn = await TakeTurnAsync(cancellation);
        try
        {
            await FillAsync(cancellation);
        }
        catch when (isNew && new FileInfo(_path).Length == 0)
        {
            foreach (var ending in (string[])["", "-journal", "-wal", "-shm", TurnEnding]) File.Delete(_path + ending);   // as on a full disk
            throw;
        }
    }

    private async Task FillAsync(CancellationToken cancellation)
    {
        await using var context = CreateContext();
        var pending = await context.Database.GetPendingMigrationsAsync(cancellation);
        // Whoever put the library's own lock there was killed while it migrated, as the turn is ours.
        if (pending.Any()) await context.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS __EFMigrationsLock", cancellation);
        await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL", cancellation);
        await UpdateAsync(context, cancellation);
    }

    // Decisions tell what was asked: the file is its owner's alone, and SQLite gives its log the same rights.
    private void CreateFile()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(_path) ?? "/");
        OpenOwn(_path, FileShare.ReadWrite).Dispose();
    }

    // One process at a time brings the tables up to date; the lock falls with the process that holds it.
    private async Task<FileStream> TakeTurnAsync(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return OpenOwn(_path + TurnEnding, FileShare.None);
            }
            catch (IOException fault) when (fault.HResult == HeldByAnother)
            {
                await Task.Delay(20, cancellation);
            }
        }
    }

    private static FileStream OpenOwn(string path, FileShare share)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    private static void Execute(SqliteConnection connection, string statement)
    {
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        command.ExecuteNonQuery();
    }
}
