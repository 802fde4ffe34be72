namespace M3.Adaptive.Service.Admission;

/// <summary>
/// What the requests in flight hold in memory, over all connections: bytes that have arrived, and what they were unpacked to, until their
/// call ends. Safe for concurrent use.
/// </summary>
/// <param name="limitBytes">Held at most by all together, beyond what each call has for nothing.</param>
internal sealed class RequestMemory(long limitBytes)
{
    /// <summary>
    /// Bytes of each call that are not counted, so that health checks, cancellations and questions about pictures sent before pass while
    /// uploads hold all the rest.
    /// </summary>
    public const int FreeBytes = 16 << 10;

    private readonly Lock _lock = new();
    private long _held;

    /// <summary>Counted bytes that are held now.</summary>
    public long HeldBytes
    {
        get
        {
            lock (_lock) return _held;
        }
    }

    /// <summary>Begins a call, which holds nothing yet.</summary>
    public Share Enter() => new(this);

    /// <summary>What one call holds; given back when it is disposed of.</summary>
    internal sealed class Share(RequestMemory memory) : IDisposable
    {
        private long _counted;

        /// <summary>Says how many bytes the call holds from now on, which may be fewer than before.</summary>
        /// <returns>False when they are more than before and no longer fit; the share then stays as it was.</returns>
        public bool TryHold(long bytes)
        {
            lock (memory._lock)
            {
                var more = Math.Max(0, bytes - FreeBytes) - _counted;
                if (more > 0 && memory._held + more > memory.LimitBytes) return false;
                memory._held += more;
                _counted += more;
                return true;
            }
        }

        /// <summary>Says that the call holds at least as many bytes until it ends.</summary>
        /// <inheritdoc cref="TryHold"/>
        public bool TryHoldAtLeast(long bytes)
        {
            lock (memory._lock) return bytes <= FreeBytes + _counted || TryHold(bytes);
        }

        public void Dispose() => TryHold(0);
    }

    private long LimitBytes => limitBytes;
}
