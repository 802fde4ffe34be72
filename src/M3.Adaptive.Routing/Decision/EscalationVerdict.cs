using M3.Adaptive.Core;

namespace M3.Adaptive.Routing.Decision;

/// <summary>Why no finer scale was run after the last one.</summary>
public enum SettledReason
{
    /// <summary>Not settled: a finer scale follows.</summary>
    None = 0,

    /// <summary>The answer's confidence reached the threshold.</summary>
    Confident = 1,

    /// <summary>Escalation is off for this request.</summary>
    EscalationOff = 2,

    /// <summary>The finest allowed scale has run.</summary>
    Finest = 3,

    /// <summary>No finer scale fits into what the caps leave.</summary>
    Cap = 4,

    /// <summary>The largest number of escalations has been tried.</summary>
    MaxEscalations = 5,

    /// <summary>No finer scale is expected to do better than the answer at hand.</summary>
    NoExpectedGain = 6,

    /// <summary>No confidence model is loaded.</summary>
    NoConfidence = 7,

    /// <summary>Too little of the deadline is left for a finer scale.</summary>
    Deadline = 8,

    /// <summary>No finer scale has room: each is too long for the model's context, or the service was too busy for the one that was tried.</summary>
    NoRoom = 9,
}

/// <summary>Run <paramref name="Next"/>, or stop for a reason: exactly one of the two is set.</summary>
public readonly record struct EscalationVerdict(VisualScale? Next, SettledReason Settled)
{
    public static implicit operator EscalationVerdict(SettledReason reason) => new(null, reason);

    public static implicit operator EscalationVerdict(VisualScale next) => new(next, SettledReason.None);
}
