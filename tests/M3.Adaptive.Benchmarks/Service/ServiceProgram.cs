using System.Diagnostics;
using M3.Adaptive.CommandLine;
using M3.Adaptive.TestKit;

namespace M3.Adaptive.Benchmarks.Service;

/// <summary>A service in a process of its own, with a state folder of its own. It stops when its standard input ends.</summary>
internal sealed class ServiceProgram : IAsyncDisposable
{
    private readonly Process _process;

    private ServiceProgram(Process process) => _process = process;

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>Where the build put a program: beside this one, in the same configuration.</summary>
    public static string Find(string project)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.GetFullPath(Path.Combine(configuration.FullName, "..", "..", project, configuration.Name, $"{project}.dll"));
    }

    /// <param name="state">Its state folder.</param>
    /// <param name="command">Program and arguments, for dotnet.</param>
    /// <param name="environment">Variables beside this process's own.</param>
    /// <exception cref="InvalidOperationException">It ended before it was ready, and has said why.</exception>
    public static async Task<ServiceProgram> StartAsync(string state, IEnumerable<string> command, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", command) { RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = RepositoryRoot.Path };
        start.Environment["M3_STATE"] = state;
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var service = new ServiceProgram(Process.Start(start)!);
        while (await service._process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (ReadyLine.AddressIn(line) is not { } address) continue;
            service.Address = address;
            return service;
        }

        throw new InvalidOperationException("The service did not start.");
    }

    /// <summary>Asks it to stop and returns what else it wrote to standard output.</summary>
    public async Task<string> StopAsync()
    {
        _process.StandardInput.Close();
        var said = await _process.StandardOutput.ReadToEndAsync();
        await _process.WaitForExitAsync();
        return said;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await StopAsync();
        _process.Dispose();
    }
}
