using System.Diagnostics;
using System.Globalization;
using M3.Adaptive.Routing;
using M3.Adaptive.Store;

namespace M3.Adaptive.Service.Retraining;

/// <summary>The training program as a child process of low priority: the service never loads it.</summary>
/// <param name="LastLine">Of what it said.</param>
internal sealed record RetrainingProcess(int ExitCode, string LastLine)
{
    // Of util-linux: what runs so gives way at once, where a process of low priority keeps a share.
    private const string IdleScheduling = "/usr/bin/chrt";

    private static readonly string[] Shared = [RoutingOptions.Section, StoreOptions.Section];

    /// <summary>Runs one retraining to its end. Should the service stop meanwhile, or be killed, it ends, too, and registers nothing.</summary>
    /// <param name="settings">The service's, of which the retraining gets how to route and where the store is.</param>
    /// <param name="tell">Given each line that it says, one after the other.</param>
    /// <exception cref="FileNotFoundException">There is no training program.</exception>
    public static async Task<RetrainingProcess> RunAsync(
        RetrainingOptions options, string model, string why, IConfiguration settings, CancellationToken cancellation, Func<string, Task>? tell = null)
    {
        using var process = Process.Start(Beginning(options, model, why, settings)) ?? throw new InvalidOperationException("The training program did not start.");
        using var interrupt = cancellation.Register(() => process.Kill(entireProcessTree: true));
        var last = "";
        using var telling = new SemaphoreSlim(1, 1);
        var said = new[] { process.StandardOutput, process.StandardError }.Select(async output =>
        {
            while (await output.ReadLineAsync(CancellationToken.None) is { } line)
            {
                if (string.IsNullOrWhiteSpace(line)) continue;
                last = line.Trim();
                if (tell is not null) await TellAsync(last);
            }
        });
        await Task.WhenAll(said);
        await process.WaitForExitAsync(CancellationToken.None);
        cancellation.ThrowIfCancellationRequested();
        return new RetrainingProcess(process.ExitCode, last);

        async Task TellAsync(string line)
        {
            await telling.WaitAsync(CancellationToken.None);
            try
            {
                if (!cancellation.IsCancellationRequested) await tell(line);
            }
            finally
            {
                telling.Release();
            }
        }
    }

    /// <exception cref="FileNotFoundException">There is no training program.</exception>
    internal static ProcessStartInfo Beginning(RetrainingOptions options, string model, string why, IConfiguration settings)
    {
        var program = options.Program ?? BuiltBeside();
        if (!File.Exists(program)) throw new FileNotFoundException($"{program} does not exist: build it by ./m3 predictor --help, or name it by {RetrainingOptions.Section}:{nameof(RetrainingOptions.Program)}");
        var start = new ProcessStartInfo("nice", ["-n", "19", .. Behind(), "dotnet", program, "predictor", "retrain", "--model", model, "--why", why, "--stop-with-input"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DOTNET_PROCESSOR_COUNT"] = options.Threads.ToString(CultureInfo.InvariantCulture) },
        };
        foreach (var (key, value) in Shared.SelectMany(section => settings.GetSection(section).AsEnumerable()).Where(setting => setting.Value is not null))
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        return start;
    }

    private static string[] Behind() => File.Exists(IdleScheduling) ? [IdleScheduling, "--idle", "0"] : [];

    // artifacts/bin/PROJECT/CONFIGURATION/
    private static string BuiltBeside()
    {
        const string name = "M3.Adaptive.Training";
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.GetFullPath(Path.Combine(own.FullName, "..", "..", name, own.Name, $"{name}.dll"));
    }
}
