using System.Runtime.InteropServices;

namespace M3.Adaptive.Benchmarks;

/// <summary>A folder that goes with the run, also when that is interrupted: what benchmarks write may be large.</summary>
internal sealed class RunFolder : IDisposable
{
    /// <summary>Exit code of a run that was interrupted.</summary>
    public const int Interrupted = 130;

    private readonly PosixSignalRegistration[] _signals;
    private readonly CancellationTokenSource? _stop;

    /// <param name="prefix">Of its name.</param>
    /// <param name="stop">Cancelled where the run is interrupted, for one that must not end in the middle of a native call; null: it ends at once.</param>
    public RunFolder(string prefix, CancellationTokenSource? stop = null)
    {
        _stop = stop;
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
        context.Cancel = true;                                                    // the run ends here or by itself, with its own exit code
        if (_stop is not null)
        {
            _stop.Cancel();
            return;
        }

        Directory.Delete(Path, recursive: true);
        Environment.Exit(Interrupted);
    }
}
