using System.Threading.Channels;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Service.Auditing;

/// <summary>Answers that wait to be audited, and whether there is time for it. Safe for concurrent use.</summary>
internal sealed class AuditQueue(IOptions<AuditOptions> options)
{
    private readonly Channel<PendingAudit> _waiting = Channel.CreateBounded<PendingAudit>(
        new BoundedChannelOptions(options.Value.MaxPending) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    private readonly Lock _lock = new();
    private readonly Random _random = new(0);
    private TaskCompletionSource _idle = Idle();
    private int _running;
    private long _kept;

    /// <summary>Audits that this process has kept so far.</summary>
    public long Kept => Interlocked.Read(ref _kept);

    public void CountKept() => Interlocked.Increment(ref _kept);

    public IAsyncEnumerable<PendingAudit> ReadAsync(CancellationToken cancellation) => _waiting.Reader.ReadAllAsync(cancellation);

    /// <summary>Keeps an answer; one too many is left out.</summary>
    public void Offer(PendingAudit audit) => _waiting.Writer.TryWrite(audit);

    public bool IsDrawn()
    {
        lock (_lock) return _random.NextDouble() < options.Value.Share;
    }

    /// <summary>Returns once no request runs.</summary>
    public Task IdleAsync(CancellationToken cancellation)
    {
        lock (_lock) return _idle.Task.WaitAsync(cancellation);
    }

    /// <summary>A request runs until this is disposed of.</summary>
    public IDisposable Busy()
    {
        lock (_lock)
        {
            if (_running++ == 0) _idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return new Running(this);
    }

    private void Done()
    {
        lock (_lock)
        {
            if (--_running == 0) _idle.SetResult();
        }
    }

    private static TaskCompletionSource Idle()
    {
        var idle = new TaskCompletionSource();
        idle.SetResult();
        return idle;
    }

    private sealed class Running(AuditQueue queue) : IDisposable
    {
        public void Dispose() => queue.Done();
    }
}
