using System.Diagnostics;

namespace M3.Adaptive.Cli.Connection;

/// <summary>
/// A service of our own, as a child process on a free port of the loopback interface. It ends when its standard input does,
/// so it cannot outlive this process, however that ends. What it logs as a warning or worse is passed on to standard error.
/// </summary>
internal sealed class PrivateService : IAsyncDisposable
{
    private static readonly TimeSpan TimeToStop = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly Task<string> _lastWords;

    private PrivateService(Process process)
    {
        _process = process;
        _lastWords = ReadLastLineAsync(process.StandardError);
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; private set; } = new(ServiceAddress.Default);

    /// <summary>Starts it and waits until it takes questions.</summary>
    /// <exception cref="CommandException">It ended before that; the message is its own last line.</exception>
    public static async Task<PrivateService> StartAsync(string modelFolder, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(DotNet)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])[Program, "--model", modelFolder, "--listen", "127.0.0.1", "--port", "0", "--no-web", "--stop-with-input"])
        {
            start.ArgumentList.Add(argument);
        }

        // What it is asked through is its own, and no certificate names a free port's address.
        foreach (var setting in (string[])["Server__Certificate", "Server__CertificateKey"]) start.Environment.Remove(setting);

        var process = Process.Start(start) ?? throw new CommandException($"{Program} could not be started", ExitCode.Failure);
        var service = new PrivateService(process);
        try
        {
            await service.WaitUntilReadyAsync(cancellation);
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    // The very runtime that runs this program, unless it was started through its own executable.
    private static string DotNet =>
        Environment.ProcessPath is { } running && Path.GetFileNameWithoutExtension(running) == "dotnet" ? running : "dotnet";

    // The build puts every program into a folder of its own: artifacts/bin/PROJECT/CONFIGURATION/.
    private static string Program
    {
        get
        {
            var own = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
            var file = Path.Combine(own, "..", "..", "M3.Adaptive.Service", Path.GetFileName(own), "M3.Adaptive.Service.dll");
            return File.Exists(file)
                ? Path.GetFullPath(file)
                : throw new CommandException($"the service is not built: {file} is missing", ExitCode.Failure);
        }
    }

    private async Task WaitUntilReadyAsync(CancellationToken cancellation)
    {
        while (await _process.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            if (ReadyLine.AddressIn(line) is not { } address) continue;
            Address = address;
            _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
            return;
        }

        await _process.WaitForExitAsync(cancellation);
        var reason = (await _lastWords).Replace("m3: ", "", StringComparison.Ordinal);
        throw new CommandException(
            reason.Length > 0 ? reason : $"the service ended with exit code {_process.ExitCode}",
            _process.ExitCode == ExitCode.WrongUse ? ExitCode.WrongUse : ExitCode.Failure);
    }

    // Reading on to the end also keeps the pipe from filling up. Nobody but us can tell the user what it logs.
    private static async Task<string> ReadLastLineAsync(StreamReader reader)
    {
        var last = "";
        while (await reader.ReadLineAsync() is { } line)
        {
            last = line;
            if (LogLine.FaultIn(line) is { } fault) await Console.Error.WriteLineAsync($"m3: {fault}");
        }

        return last;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var limit = new CancellationTokenSource(TimeToStop);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}
