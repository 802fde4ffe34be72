using M3.Adaptive.Core;

namespace M3.Adaptive.Routing.Decision;

/// <summary>Why no finer scale was run after the last one.</summary>
public enum SettledReason
{
    /// <summary>Not settled: a finer scale follows.</summary>
    None = 0,

    /// <summary>Escalation is off for this request.</summary>
    EscalationOff = 2,

    /// <summary>The finest allowed scale has run.</summary>
    Finest = 3,

    /// <summary>The finer scale that was worth its cost does not fit into what the caps leave.</summary>
    Cap = 4,

    /// <summary>The largest number of escalations has been tried.</summary>
    MaxEscalations = 5,

    /// <summary>No finer scale is worth its cost: the answer in hand is good enough, or they are not expected to do better.</summary>
    NoExpectedGain = 6,

    /// <summary>The answer could not be judged: no predictor is loaded, or it failed.</summary>
    NoConfidence = 7,

    /// <summary>Too little of the deadline is left for the finer scale that was worth its cost.</summary>
    Deadline = 8,

    /// <summary>The finer scale has no room: it is too long for the model's context, or the service was too busy for it.</summary>
    NoRoom = 9,
}

/// <summary>Run a finer scale, or stop for a reason: exactly one of the two is set.</summary>
/// <param name="Weighed">What could be done and its worth; empty where nothing was weighed.</param>
public sealed record EscalationVerdict(VisualScale? Next, SettledReason Settled, IReadOnlyList<ScaleOption> Weighed)
{
    public static implicit operator EscalationVerdict(SettledReason reason) => new(null, reason, []);
}
