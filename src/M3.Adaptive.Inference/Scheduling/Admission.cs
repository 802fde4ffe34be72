using M3.Adaptive.Core;

namespace M3.Adaptive.Inference.Scheduling;

/// <summary>What the engine may hold.</summary>
/// <param name="Waiting">Calls that have not begun.</param>
/// <param name="PictureBytes">Files of pictures that wait to be encoded.</param>
/// <param name="KvBytes">Keys and values of answers that run.</param>
internal readonly record struct AdmissionLimits(int Waiting, long PictureBytes, long KvBytes);

/// <summary>What one call holds of the engine; given by <see cref="Admission"/>.</summary>
/// <param name="Place">In the order of service, smallest first.</param>
/// <param name="Cost">Seconds that the call is expected to take.</param>
/// <param name="PictureBytes">Held until it begins.</param>
/// <param name="KvBytes">Held from when it begins.</param>
internal sealed record Ticket(double Place, double Cost, long PictureBytes, long KvBytes)
{
    /// <summary>Whether the call has begun; guarded by the admission's lock.</summary>
    internal bool Begun { get; set; }
}

/// <summary>
/// The door of the engine, and the one that knows what is left: places in the queue, bytes of waiting pictures, bytes of keys and values. A call
/// enters, begins and leaves; whoever is full says so at the door, instead of letting latency grow. Safe for concurrent use.
/// </summary>
internal sealed class Admission(AdmissionLimits limits)
{
    private const double Memory = 10;                                             // seconds of work that the pace is learnt from
    private static readonly TimeSpan ShortestRetry = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private readonly HashSet<Ticket> _held = new(ReferenceEqualityComparer.Instance);
    private readonly FairOrder _order = new();
    private int _waiting;
    private long _pictureBytes, _kvBytes;
    private double _backlog, _worked, _finished, _justFinished;

    /// <summary>Calls that have not begun.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate) return _waiting;
        }
    }

    /// <summary>Bytes of keys and values that nobody holds.</summary>
    public long FreeKvBytes
    {
        get
        {
            lock (_gate) return limits.KvBytes - _kvBytes;
        }
    }

    /// <summary>How long the calls that were admitted and have not ended are expected to take.</summary>
    public TimeSpan Backlog
    {
        get
        {
            lock (_gate) return Backlog_NeedsLock;
        }
    }

    private TimeSpan Backlog_NeedsLock => TimeSpan.FromSeconds(Math.Max(0, _backlog) * (_worked > 0 && _finished > 0 ? Math.Clamp(_worked / _finished, 0.05, 20) : 1));

    /// <summary>Lets a call in.</summary>
    /// <param name="cost">Seconds that it is expected to take by itself.</param>
    /// <exception cref="TooLargeException">It would never fit.</exception>
    /// <exception cref="OverloadedException">The queue is full.</exception>
    public Ticket Enter(double cost, long pictureBytes = 0, long kvBytes = 0)
    {
        if (kvBytes > limits.KvBytes) throw TooLargeException.OfAnswer(kvBytes, limits.KvBytes);
        if (pictureBytes > limits.PictureBytes) throw TooLargeException.OfPicture(pictureBytes, limits.PictureBytes);
        lock (_gate)
        {
            if (_waiting >= limits.Waiting || _pictureBytes + pictureBytes > limits.PictureBytes)
                throw new OverloadedException(_waiting, Longer(Backlog_NeedsLock, ShortestRetry));
            var ticket = new Ticket(_order.Admit(cost), cost, pictureBytes, kvBytes);
            _held.Add(ticket);
            _waiting++;
            _pictureBytes += pictureBytes;
            _backlog += cost;
            return ticket;
        }
    }

    /// <summary>A call begins: it leaves the queue and takes its keys and values.</summary>
    public void Begin(Ticket ticket)
    {
        lock (_gate)
        {
            ticket.Begun = true;
            _waiting--;
            _pictureBytes -= ticket.PictureBytes;
            _kvBytes += ticket.KvBytes;
        }
    }

    /// <summary>A call ends, whether it had begun or not; once.</summary>
    public void Leave(Ticket ticket)
    {
        lock (_gate)
        {
            if (!_held.Remove(ticket)) throw new InvalidOperationException("A call left twice.");
            _backlog -= ticket.Cost;
            if (ticket.Begun)
            {
                _kvBytes -= ticket.KvBytes;
                _justFinished += ticket.Cost;
            }
            else
            {
                _waiting--;
                _pictureBytes -= ticket.PictureBytes;
            }
        }
    }

    /// <summary>The engine has worked; from that and from what ended meanwhile follows its pace.</summary>
    public void Worked(double seconds)
    {
        lock (_gate)
        {
            var kept = Math.Exp(-seconds / Memory);
            (_worked, _finished, _justFinished) = ((_worked * kept) + seconds, (_finished * kept) + _justFinished, 0);
        }
    }

    /// <exception cref="InvalidOperationException">What is free and what is held are not all there is.</exception>
    public void CheckIntegrity()
    {
        lock (_gate)
        {
            Require(_waiting == _held.Count(static ticket => !ticket.Begun), "as many places taken as calls wait");
            Require(_pictureBytes == _held.Where(static ticket => !ticket.Begun).Sum(static ticket => ticket.PictureBytes), "picture bytes are those of waiting calls");
            Require(_kvBytes == _held.Where(static ticket => ticket.Begun).Sum(static ticket => ticket.KvBytes), "bytes of keys and values are those of running calls");
            Require(_waiting <= limits.Waiting && _pictureBytes <= limits.PictureBytes && _kvBytes <= limits.KvBytes, "within the limits");
            Require(Math.Abs(_backlog - _held.Sum(static ticket => ticket.Cost)) <= 1e-6 * (1 + _backlog), "the backlog is what calls cost");
        }
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static void Require(bool holds, string rule)
    {
        if (!holds) throw new InvalidOperationException($"The engine's books are inconsistent: expected {rule}.");
    }
}
