using Microsoft.Extensions.Options;

namespace M3.Adaptive.Service.Web.Playground;

/// <summary>
/// Keeps pages' connections until what they ask for is shown. The library ends them all as soon as the service begins to stop; what it runs then is run latest first, and it is only with the first
/// page that this here is made. So the wait comes before that end. Safe for concurrent use.
/// </summary>
internal sealed class PageAnswers
{
    private readonly Lock _lock = new();
    private readonly HostOptions _host;
    private readonly TimeProvider _clock;
    private readonly ILogger<PageAnswers> _logger;
    private TaskCompletionSource? _shown;                                    // when the service stops
    private int _running;

    /// <param name="host">Its time for stopping is what answers may take; what they took is no longer left to others.</param>
    public PageAnswers(IHostApplicationLifetime lifetime, IOptions<HostOptions> host, TimeProvider clock, ILogger<PageAnswers> logger)
    {
        (_host, _clock, _logger) = (host.Value, clock, logger);
        lifetime.ApplicationStopping.Register(WaitForRunning);
    }

    /// <returns>To be disposed of once the page shows the end of it; null when the service stops and nothing more is begun.</returns>
    public IDisposable? TryBegin()
    {
        lock (_lock)
        {
            if (_shown is not null) return null;
            _running++;
            return new Running(this);
        }
    }

    private void WaitForRunning()
    {
        var begun = _clock.GetTimestamp();
        lock (_lock)
        {
            _shown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_running == 0) return;
            ServiceLog.PagesFirst(_logger, _running);
        }

        // Nothing here can be awaited: what comes after ends the connections.
        _shown.Task.Wait(_host.ShutdownTimeout);
        var left = _host.ShutdownTimeout - _clock.GetElapsedTime(begun);
        _host.ShutdownTimeout = left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private void End()
    {
        lock (_lock)
        {
            if (--_running == 0) _shown?.TrySetResult();
        }
    }

    private sealed class Running(PageAnswers all) : IDisposable
    {
        private int _isOver;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0) all.End();
        }
    }
}
