using M3.Adaptive.Core;
using M3.Adaptive.Predictor.Drift;
using M3.Adaptive.Routing.Requests;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Service.Drift;

/// <summary>Remembers the latest answered requests, and compares them with what the champion was made for. Safe for concurrent use.</summary>
/// <param name="home">What the champion of the moment was made for; null where it does not tell.</param>
internal sealed class DriftWatch(Func<DriftReference?> home, IOptions<DriftOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new(), _looking = new();
    private readonly Dictionary<Guid, float[]> _decided = [];
    private readonly Dictionary<Guid, ServedRequest> _answered = [];
    private readonly Queue<Guid> _order = [];
    private IReadOnlyList<string> _alarms = [];
    private DriftReport? _latest;
    private long? _lookedAt;

    /// <summary>What was too far off when it was last looked at.</summary>
    public IReadOnlyList<string> Alarms => Volatile.Read(ref _alarms);

    /// <summary>A decision whose answer is about to be given.</summary>
    public void Decided(DecisionRecord decision)
    {
        if (decision.Path is [] || decision.Features is []) return;             // a route that is not run, or no predictor
        lock (_lock)
        {
            if (_decided.Count >= options.Value.Window) _decided.Clear();        // answers that were never given
            _decided[decision.DecisionId] = decision.Features;
        }
    }

    public void Answered(GenerateReply reply)
    {
        var last = reply.Path[^1];
        lock (_lock)
        {
            if (!_decided.Remove(reply.Decision.Id, out var features) || last.After is not { } confidence) return;
            _answered[reply.Decision.Id] = new ServedRequest(features, reply.Path[0].Scale, reply.Path.Count > 1, last.Unfamiliar, confidence.Reported, Right: null);
            _order.Enqueue(reply.Decision.Id);
            if (_order.Count > options.Value.Window) _answered.Remove(_order.Dequeue());
        }
    }

    /// <summary>An audit has shown whether the answer that was given is right.</summary>
    public void Audited(Guid decision, bool right)
    {
        lock (_lock)
        {
            if (_answered.TryGetValue(decision, out var request)) _answered[decision] = request with { Right = right };
        }
    }

    /// <summary>What <see cref="Look"/> found some seconds ago at most: however many ask, it is computed once.</summary>
    public DriftReport? Latest()
    {
        lock (_looking)
        {
            if (_lookedAt is not { } then || clock.GetElapsedTime(then) >= Fresh) (_latest, _lookedAt) = (Look(), clock.GetTimestamp());
            return _latest;
        }
    }

    /// <summary>Null where the champion does not tell what it was made for.</summary>
    public DriftReport? Look()
    {
        if (home() is not { } reference)
        {
            Volatile.Write(ref _alarms, []);
            return null;
        }

        ServedRequest[] latest;
        lock (_lock) latest = [.. _order.Select(id => _answered[id])];
        var report = DriftStatistics.Compare(reference, latest, options.Value);
        Volatile.Write(ref _alarms, [.. report.Alarms.Select(alarm => alarm.Name)]);
        return report;
    }
}
