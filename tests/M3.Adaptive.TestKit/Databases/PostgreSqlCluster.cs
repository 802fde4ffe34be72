using System.Diagnostics;
using M3.Adaptive.TestKit.Time;
using Xunit;

namespace M3.Adaptive.TestKit.Databases;

/// <summary>
/// A real PostgreSQL server of the tests' own, in a temporary folder and reached by a socket there: nothing of the machine's other servers is
/// touched. It refuses to run as root, so root runs it as the user postgres, whom Debian's package makes.
/// </summary>
public sealed class PostgreSqlCluster : IAsyncLifetime
{
    private static readonly bool IsRoot = Environment.UserName == "root";

    // The folder of the newest version: Debian keeps servers of several beside each other.
    private static readonly string Programs = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Select(static folder => Path.Combine(folder, "bin")).LastOrDefault() ?? ""
        : "";

    private readonly string _folder = Directory.CreateTempSubdirectory("m3-pg-").FullName;
    private int _databases;

    private string Data => Path.Combine(_folder, "data");

    private string Log => Path.Combine(_folder, "log");

    public async Task InitializeAsync()
    {
        if (!File.Exists(Path.Combine(Programs, "initdb")))
            throw new InvalidOperationException("PostgreSQL's server is missing: ./m3 test installs it, or: apt-get install postgresql");
        if (IsRoot) await RunAsync("chown", "postgres", _folder);
        await ServerAsync("initdb", "--pgdata", Data, "--username", "m3", "--auth", "trust", "--encoding", "UTF8", "--no-sync");
        await StartAsync();
    }

    // Without flushes, as only a loss of power would lose what the system has.
    public async Task StartAsync() => await ServerAsync(
        "pg_ctl", "start", "--pgdata", Data, "--log", Log, "--wait", "--options", $"-k {_folder} -c listen_addresses= -c max_connections=200 -c fsync=off");

    /// <summary>Stops it as an operator does who does not wait: open connections are cut.</summary>
    public async Task StopAsync() => await ServerAsync("pg_ctl", "stop", "--pgdata", Data, "--mode", "immediate", "--wait");

    /// <summary>A connection string of a database that nobody else uses.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        var name = $"m3_{Interlocked.Increment(ref _databases)}";
        await ServerAsync("createdb", "--host", _folder, "--username", "m3", name);
        return ConnectionString(name);
    }

    public async Task DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private string ConnectionString(string database) => $"Host={_folder};Username=m3;Database={database};Timeout=5";

    private static Task ServerAsync(string program, params string[] arguments) => IsRoot
        ? RunAsync("runuser", ["-u", "postgres", "--", Path.Combine(Programs, program), .. arguments])
        : RunAsync(Path.Combine(Programs, program), arguments);

    private static async Task RunAsync(string program, params string[] arguments)
    {
        // Not redirected: the server would inherit the pipes, and reading them would never end.
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = "/" })
            ?? throw new InvalidOperationException($"{program} did not start.");
        await process.WaitForExitAsync().Soon();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }
}
