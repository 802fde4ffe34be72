using System.Runtime.InteropServices;

namespace M3.Adaptive.CommandLine;

/// <summary>
/// Ctrl-C and SIGTERM: the first asks the work to end, the second waits no longer. System.CommandLine's own handling throws on the second
/// (2.0: a task completed twice), which ended impatient users' commands with a stack trace.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously), _second = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration[] _signals;

    public Interruption(CancellationToken cancellation)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _signals = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle)];
    }

    public CancellationToken Token => _stop.Token;

    /// <summary>Completes when work that was asked to end has had its time, or at the second signal.</summary>
    public async Task OverdueAsync(TimeSpan timeToStop)
    {
        await _first.Task.ConfigureAwait(false);
        await Task.WhenAny(_second.Task, Task.Delay(timeToStop, CancellationToken.None)).ConfigureAwait(false);
    }

    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
        if (_first.TrySetResult()) _stop.Dispose();                               // else a signal came, whose handler may still be cancelling
    }

    private void Handle(PosixSignalContext signal)
    {
        signal.Cancel = true;                                                     // not the process: its work
        if (_first.TrySetResult()) _stop.Cancel();
        else _second.TrySetResult();
    }
}
