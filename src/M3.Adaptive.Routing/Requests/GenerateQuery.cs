using M3.Adaptive.Core;
using M3.Adaptive.Routing.Budget;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Wishes;
using MediatR;

namespace M3.Adaptive.Routing.Requests;

/// <summary>One question about one image, to be answered. Nothing in it has been checked yet.</summary>
public sealed record GenerateQuery : IRequest<GenerateReply>
{
    /// <summary>Identifies retries of the same request; null makes every call a new one.</summary>
    public string? RequestId { get; init; }

    /// <summary>Who asks.</summary>
    public Caller Caller { get; init; } = Caller.Anonymous;

    public required ImageSource? Image { get; init; }

    public required string Question { get; init; }

    public RoutingWish Routing { get; init; } = RoutingWish.Default;

    public DecodingWish Decoding { get; init; } = DecodingWish.Default;

    /// <summary>When the caller gives up; no scale is tried that would run beyond it. Null is never.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>Gets the text as it comes; null where only the whole answer is wanted.</summary>
    public ITextSink? Sink { get; init; }

    /// <summary>Is told how far the request has come: when its first scale is chosen, after each answer, and once an answer that was sent as it came is complete. Quick, as the request waits for it; null where nobody watches.</summary>
    public IProgress<Episode>? Progress { get; init; }
}

/// <summary>The choice of the first scale, as logged.</summary>
/// <param name="PredictorVersion">Null when there was no usable predictor.</param>
/// <param name="GuaranteedRisk">What the choice of scales keeps to; null where nothing is guaranteed.</param>
public sealed record DecisionReport(Guid Id, double Propensity, string ModelVersion, string? PredictorVersion, double? GuaranteedRisk = null);

/// <summary>Wall-clock time by phase, over all steps. Waiting is in none of them, and prefill and decode are within what was charged.</summary>
/// <param name="Encode">Zero when the image's features were cached.</param>
/// <param name="Prefill">Of each step up to its first token.</param>
/// <param name="Decode">Of each step's further tokens.</param>
public sealed record PhaseTimes(TimeSpan Encode, TimeSpan Prefill, TimeSpan Decode)
{
    /// <summary>Phases whose seconds add up to no more than <paramref name="charged"/>, to the last bit, however the sums were rounded.</summary>
    /// <param name="prefill">Seconds charged for prefill; 0 or more.</param>
    /// <param name="decode">Seconds charged for decoding; 0 or more.</param>
    /// <param name="charged">Their sum, perhaps added up in another order.</param>
    public static PhaseTimes Of(TimeSpan encode, double prefill, double decode, double charged)
    {
        var first = Floor(Math.Min(prefill, charged));
        var rest = Floor(Math.Min(decode, charged - first.TotalSeconds));
        if (first.TotalSeconds + rest.TotalSeconds > charged) rest -= TimeSpan.FromTicks(1);
        return new(encode, first, rest);
    }

    // TotalSeconds of the result is at most the given number.
    private static TimeSpan Floor(double seconds)
    {
        var ticks = TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond));
        return ticks.TotalSeconds > seconds ? ticks - TimeSpan.FromTicks(1) : ticks;
    }
}

/// <summary>The answer, how it came about and what it cost.</summary>
public sealed record GenerateReply
{
    /// <summary>Text of the last step's answer: the same as was sent where there was a sink.</summary>
    public required string Text { get; init; }

    public required FinishReason Finish { get; init; }

    /// <summary>Every scale that ran, in order, each finer than the one before; at least one.</summary>
    public required IReadOnlyList<PathStep> Path { get; init; }

    public required SettledReason Settled { get; init; }

    /// <summary>What could have been done after the last step, keeping its answer included; empty where nothing was weighed.</summary>
    public IReadOnlyList<ScaleOption> Declined { get; init; } = [];

    /// <summary>Sum over the path.</summary>
    public required Cost Charged { get; init; }

    public required PhaseTimes Times { get; init; }

    /// <summary>What an answer of the same length would have been charged at the finest scale alone.</summary>
    public required Cost AlwaysFinest { get; init; }

    public required DecisionReport Decision { get; init; }

    public required ImageHash Image { get; init; }

    /// <summary>Natural logarithm of the answer's probability: the sum over its tokens.</summary>
    public required double LogProbability { get; init; }

    /// <summary>Tokens of the prompt but those of the picture.</summary>
    public required int TextTokens { get; init; }

    /// <summary>Tokens of the answer, end of sequence included.</summary>
    public required int NewTokens { get; init; }

    /// <summary>FLOPs of encoding one image; never charged, though a budget in FLOPs counts them.</summary>
    public required double EncodeFlops { get; init; }

    /// <summary>How the tenant's budget stands; null without one.</summary>
    public BudgetReport? Budget { get; init; }

    /// <summary>True for a remembered reply to an earlier call with the same request id.</summary>
    public bool Replayed { get; init; }
}
