using M3.Adaptive.Core;
using M3.Adaptive.Routing.Decision;

namespace M3.Adaptive.Service.Web.Playground;

/// <summary>What became of one scale so far.</summary>
public enum RungState
{
    /// <summary>Not run, though it might have been.</summary>
    Open = 0,

    /// <summary>It may not run: bounds, context, caps or budget leave it out.</summary>
    Closed = 1,

    /// <summary>It runs now.</summary>
    Running = 2,

    /// <summary>It ran, and a finer one took its place.</summary>
    Passed = 3,

    /// <summary>Its answer is the answer.</summary>
    Answered = 4,
}

/// <summary>One scale of a request as the ladder shows it.</summary>
/// <param name="Before">Probability of a right answer before anything ran; null without a predictor.</param>
/// <param name="Now">The same after the last run: confidence in its answer, or what a finer scale is expected to reach; null where nothing says so.</param>
/// <param name="Worth">What running it first was worth; null where it was not weighed.</param>
/// <param name="Why">Why it ran, or why it may not.</param>
public sealed record LadderRung(VisualScale Scale, float? Before, float? Now, double? Worth, RungState State, string Why)
{
    /// <summary>Every scale of a request, coarsest first. Pure.</summary>
    public static IReadOnlyList<LadderRung> Of(Episode episode)
    {
        var last = episode.Path is [.., var step] ? step.Scale : default(VisualScale?);
        return [.. episode.Rules.Ladder.Select(scale => new LadderRung(
            scale,
            episode.Prediction?.Reported[scale.Rung],
            last is { } ran && scale >= ran && episode.Forecast is { } forecast ? forecast.Reported[scale.Rung] : null,
            episode.Decision.Weighed.Where(option => option.Scale == scale).Select(option => (double?)option.Value).FirstOrDefault(),
            StateOf(episode, scale),
            WhyOf(episode, scale)))];
    }

    private static RungState StateOf(Episode episode, VisualScale scale) =>
        episode.Next == scale ? RungState.Running
        : episode.Path.Any(step => step.Scale == scale) ? episode.Next is null && episode.Path[^1].Scale == scale ? RungState.Answered : RungState.Passed
        : Against(episode, scale) is null ? RungState.Open
        : RungState.Closed;

    private static string WhyOf(Episode episode, VisualScale scale)
    {
        if (episode.Path.FirstOrDefault(step => step.Scale == scale) is { } step) return Reasons.Of(step.Reason);
        if (episode.Next == scale) return Reasons.Of(episode.Path is [] ? episode.Decision.Reason : StepReason.Value);
        return Against(episode, scale) ?? "";
    }

    // Coarser scales than one that ran are no longer of interest.
    private static string? Against(Episode episode, VisualScale scale)
    {
        var rules = episode.Rules;
        if (!rules.InBounds.Contains(scale)) return "outside the bounds";
        if (!rules.Room.Fits(scale)) return "no room in the model's context";
        var isBehind = episode.Path is [.., var last] && scale < last.Scale;
        return !isBehind && !rules.Caps.Allow(episode.Charged + episode.Estimates[scale.Rung]) ? "beyond what the cap leaves" : null;
    }
}
