using System.Runtime.InteropServices;

namespace M3.Adaptive.Benchmarks;

/// <summary>A folder that goes with the run, also when that is interrupted: what benchmarks write may be large.</summary>
internal sealed class RunFolder : IDisposable
{
    private const int Interrupted = 130;

    private readonly PosixSignalRegistration[] _signals;

    /// <param name="prefix">Of its name.</param>
    public RunFolder(string prefix)
    {
        Path = Directory.CreateTempSubdirectory(prefix).FullName;
        _signals = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(signal => PosixSignalRegistration.Create(signal, End))];
    }

    public string Path { get; }

    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
        Directory.Delete(Path, recursive: true);
    }

    private void End(PosixSignalContext context)
    {
        context.Cancel = true;                                                    // the run ends here, with its own exit code
        Directory.Delete(Path, recursive: true);
        Environment.Exit(Interrupted);
    }
}
