using System.Diagnostics;
using System.Globalization;
using System.Text;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using M3.Adaptive.Contracts.V1;
using M3.Adaptive.TestKit.Time;

namespace M3.Adaptive.EndToEnd.Tests.Processes;

/// <summary>The real service in a process of its own, on a free port of the loopback interface, and clients of it.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    /// <summary>Option by which a service opens no web port.</summary>
    public const string NoWeb = "--no-web";

    private const string ReadyMark = "ready on ", WebMark = "m3: web on ";

    private readonly Process _process;
    private readonly StringBuilder _log = new();
    private readonly Task _logged;
    private readonly string? _ownState;
    private TaskCompletionSource _logGrew = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private GrpcChannel? _channel;

    private ServiceProcess(string? stateFolder, IEnumerable<string> arguments, string? program = null)
    {
        StateFolder = stateFolder ?? (_ownState = Directory.CreateTempSubdirectory("m3-state-").FullName);
        var start = new ProcessStartInfo("dotnet", [program ?? BuiltProgram.Service, "--port", "0", "--stop-with-input", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["M3_STATE"] = StateFolder },
        };
        _process = Process.Start(start) ?? throw new InvalidOperationException("The service did not start.");
        _logged = KeepLogAsync();
    }

    public string StateFolder { get; }

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>Its web port; null where that stays closed.</summary>
    public Uri? WebAddress { get; private set; }

    /// <summary>What it wrote to standard error so far.</summary>
    public string Log
    {
        get
        {
            lock (_log) return _log.ToString();
        }
    }

    /// <summary>What it logged as an error so far, but that it has no predictor, as the tiny checkpoint comes without.</summary>
    public IEnumerable<string> Errors => Log.Split('\n')
        .Where(static line => line.Contains(" fail: ", StringComparison.Ordinal) || line.Contains(" crit: ", StringComparison.Ordinal))
        .Where(static line => !line.Contains("No usable predictor", StringComparison.Ordinal));

    /// <summary>Bytes of memory that it held at most so far.</summary>
    public long PeakMemory => BytesOf("VmHWM:");

    /// <summary>Bytes of memory that it holds now.</summary>
    public long Memory => BytesOf("VmRSS:");

    public AdaptiveService.AdaptiveServiceClient Client => new(Channel);

    public Health.HealthClient Health => new(Channel);

    public GrpcChannel Channel => _channel ??= GrpcChannel.ForAddress(Address);

    /// <summary>Starts it and waits until it is ready.</summary>
    public static Task<ServiceProcess> StartAsync(string modelFolder, params string[] arguments) => StartOnAsync(stateFolder: null, modelFolder, arguments);

    /// <summary>Starts it on the state of another one, whose folder it leaves there.</summary>
    public static Task<ServiceProcess> StartOnAsync(string? stateFolder, string modelFolder, params string[] arguments) =>
        new ServiceProcess(stateFolder, ["--model", modelFolder, .. arguments]).ReadyAsync(hasWeb: !arguments.Contains(NoWeb));

    /// <summary>Starts it from another folder than the build's.</summary>
    public static Task<ServiceProcess> StartPublishedAsync(string program, string modelFolder) =>
        new ServiceProcess(stateFolder: null, ["--model", modelFolder], program).ReadyAsync(hasWeb: true);

    private async Task<ServiceProcess> ReadyAsync(bool hasWeb)
    {
        while (await _process.StandardOutput.ReadLineAsync().Soon() is { } line)
        {
            var mark = line.IndexOf(ReadyMark, StringComparison.Ordinal);
            if (mark < 0) continue;
            Address = new Uri(line[(mark + ReadyMark.Length)..]);
            if (hasWeb) WebAddress = await ReadWebAddressAsync();
            return this;
        }

        await _logged.Soon();
        throw new InvalidOperationException($"The service ended before it was ready: {Log}");
    }

    /// <summary>The programs that it has started and that run.</summary>
    public IEnumerable<ChildProcess> Children => ChildProcess.Of(_process.Id);

    /// <summary>Waits until its log holds a text.</summary>
    /// <param name="limit">How long nothing at all may be logged until then; null: as long as any wait of a test.</param>
    public async Task LoggedAsync(string text, TimeSpan? limit = null)
    {
        while (true)
        {
            var grew = Volatile.Read(ref _logGrew).Task;
            if (Log.Contains(text, StringComparison.Ordinal)) return;
            await (limit is { } longer ? grew.WaitAsync(longer) : grew.Soon());
        }
    }

    /// <summary>Every decision that it has written down so far, one a line.</summary>
    public async Task<string> DecisionsAsync()
    {
        var file = Path.Combine(StateFolder, "export.jsonl");
        await AdministerAsync("decisions", "export", "--out", file);
        return await File.ReadAllTextAsync(file);
    }

    /// <summary>Runs an operator's command beside it, on the same state folder.</summary>
    public async Task<Finished> AdministerAsync(params string[] arguments)
    {
        var ended = await Finished.RunAsync(
            "dotnet", [BuiltProgram.Service, .. arguments], environment: new Dictionary<string, string?> { ["M3_STATE"] = StateFolder });
        return ended.ExitCode == 0 ? ended : throw new InvalidOperationException(ended.Error);
    }

    /// <summary>Makes a key of role admin, without which nobody is one.</summary>
    /// <returns>What a call shows it by.</returns>
    public async Task<Metadata> AdminAsync()
    {
        var key = (await AdministerAsync("key", "create", "--role", "admin")).Output.Trim();
        return new Metadata { { "authorization", $"Bearer {key}" } };
    }

    /// <summary>Takes its store away: from now on it can keep nothing.</summary>
    public void BreakStore()
    {
        foreach (var file in Directory.GetFiles(StateFolder, "m3.db*")) File.Delete(file);
        Directory.CreateDirectory(Path.Combine(StateFolder, "m3.db"));
    }

    /// <summary>Sends SIGTERM and does not wait.</summary>
    public void Terminate() => Process.Start("kill", ["-TERM", $"{_process.Id}"]).Dispose();

    /// <summary>Ends it as kill -9 does.</summary>
    public Task KillAsync()
    {
        _process.Kill();
        return _process.WaitForExitAsync().Soon();
    }

    /// <summary>Waits until it has ended by itself.</summary>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().Soon();
        return _process.ExitCode;
    }

    private async Task<Uri> ReadWebAddressAsync()
    {
        var line = await _process.StandardOutput.ReadLineAsync().Soon() ?? "";
        return line.StartsWith(WebMark, StringComparison.Ordinal) ? new Uri(line[WebMark.Length..]) : throw new InvalidOperationException($"The service does not say where its web port is: {line}");
    }

    /// <summary>Lets go of it once it has been killed; its state folder stays.</summary>
    public async Task AbandonAsync()
    {
        _channel?.Dispose();
        await _logged.Soon();
        _process.Dispose();
    }

    private long BytesOf(string name)
    {
        var line = File.ReadLines($"/proc/{_process.Id}/status").Single(line => line.StartsWith(name, StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    private async Task KeepLogAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            lock (_log) _log.AppendLine(line);
            Interlocked.Exchange(ref _logGrew, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        }
    }

    /// <summary>Asks it to stop and waits.</summary>
    public async ValueTask DisposeAsync()
    {
        _channel?.Dispose();
        try
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync().Soon();
        }
        finally
        {
            if (!_process.HasExited) _process.Kill();
            _process.Dispose();
            if (_ownState is not null) Directory.Delete(_ownState, recursive: true);
        }
    }
}
