using System.Diagnostics.CodeAnalysis;
using M3.Adaptive.Core;

namespace M3.Adaptive.Routing.Decision;

/// <summary>One scale that ran.</summary>
/// <param name="Scale">Visual tokens that the image was given.</param>
/// <param name="Reason">Why this scale was run.</param>
/// <param name="Before">Probability of a right answer, as forecast before the run; null without a predictor.</param>
/// <param name="After">Confidence: probability that the answer is right, given its evidence; null when it could not be judged.</param>
/// <param name="Charged">What the run was charged.</param>
public sealed record PathStep(VisualScale Scale, StepReason Reason, Likelihood? Before, Likelihood? After, Cost Charged)
{
    /// <summary>What could be done when this scale was chosen, and its worth; empty where nothing was weighed.</summary>
    public IReadOnlyList<ScaleOption> Weighed { get; init; } = [];

    /// <summary>
    /// What the best of the finer scales within the bounds was expected to add to the confidence, 0 to 1 and corrected like it, whatever it
    /// costs; 0 when no scale is finer, null when the answer could not be judged.
    /// </summary>
    public float? ExpectedGain { get; init; }

    /// <summary>Whether picture, question or answer are unlike what the predictor was calibrated on.</summary>
    public bool Unfamiliar { get; init; }
}

/// <summary>
/// The routing of one request: it names the scale to run, is told what came of it, and names the next one or the reason to stop.
/// Serving, offline replay and the laws in the tests all drive this type. Immutable and pure: whoever runs the scales supplies the
/// draw, the confidences, the costs and the time that is left.
/// </summary>
/// <remarks>
/// The charged cost stays within the caps as long as no run is charged more than its estimate. Scales run in rising order, so an
/// episode ends after as many runs as the ladder has rungs, or sooner.
/// </remarks>
public sealed record Episode
{
    private Episode(RoutingRules rules, ScalePrediction? prediction, IReadOnlyList<Cost> estimates, ScaleDecision decision) =>
        (Rules, Prediction, Estimates, Decision, Next, Weighed) = (rules, prediction, estimates, decision, decision.Scale, decision.Weighed);

    public RoutingRules Rules { get; }

    /// <summary>Null without a usable predictor.</summary>
    public ScalePrediction? Prediction { get; }

    /// <summary>What each scale would be charged at most, coarsest first.</summary>
    public IReadOnlyList<Cost> Estimates { get; }

    /// <summary>The choice of the first scale.</summary>
    public ScaleDecision Decision { get; }

    /// <summary>What is known since the last run; null before any, and when its answer could not be judged.</summary>
    public AnswerForecast? Forecast { get; private init; }

    /// <summary>What could be done next and its worth, of which <see cref="Next"/> or stopping was chosen; empty where nothing was weighed.</summary>
    public IReadOnlyList<ScaleOption> Weighed { get; private init; } = [];

    /// <summary>The scale to run next; null once the episode is settled.</summary>
    public VisualScale? Next { get; private init; }

    /// <summary>Why no further scale is run; <see cref="SettledReason.None"/> while <see cref="Next"/> names one.</summary>
    public SettledReason Settled { get; private init; }

    /// <summary>Every scale that ran, in order, each finer than the one before.</summary>
    public IReadOnlyList<PathStep> Path { get; private init; } = [];

    /// <summary>Sum over the path.</summary>
    public Cost Charged { get; private init; }

    /// <summary>Decides on the first scale.</summary>
    /// <param name="rules">The caller's wish.</param>
    /// <param name="prediction">Null without a usable predictor.</param>
    /// <param name="estimates">What each scale would be charged at most, coarsest first.</param>
    /// <param name="draw">The random numbers of this request; without effect when the rules do not explore.</param>
    /// <param name="remaining">Time to the deadline; null without one.</param>
    /// <returns>False when nothing that the policy allows fits the caps and the model's context.</returns>
    public static bool TryStart(
        RoutingRules rules,
        ScalePrediction? prediction,
        IReadOnlyList<Cost> estimates,
        ExplorationDraw draw,
        TimeSpan? remaining,
        [NotNullWhen(true)] out Episode? episode,
        [NotNullWhen(false)] out ScaleRefusal? refusal)
    {
        episode = Decider.TryDecide(rules, prediction, estimates, draw, remaining, out var decision, out refusal)
            ? new(rules, prediction, estimates, decision)
            : null;
        return episode is not null;
    }

    /// <summary>The episode after the scale of <see cref="Next"/> has answered.</summary>
    /// <param name="forecast">What is known of this answer and of finer scales; null when it could not be judged.</param>
    /// <param name="charged">What the run was charged.</param>
    /// <param name="remaining">Time to the deadline; null without one.</param>
    /// <exception cref="InvalidOperationException">The episode is settled.</exception>
    public Episode Observe(AnswerForecast? forecast, Cost charged, TimeSpan? remaining)
    {
        var scale = Next ?? throw new InvalidOperationException($"Nothing was to be run: the episode is settled ({Settled}).");
        var total = Charged + charged;
        var verdict = Escalator.Next(Rules, forecast, Estimates, new Standing(scale, Path.Count, total, remaining));
        var step = new PathStep(
            scale, Path is [] ? Decision.Reason : StepReason.Value, Forecast?.Likelihood(scale) ?? Prediction?.Likelihood(scale), forecast?.Likelihood(scale), charged)
        {
            Weighed = Weighed,
            ExpectedGain = forecast is null ? null : ExpectedGain(forecast, scale),
            Unfamiliar = forecast?.Unfamiliar ?? false,
        };
        return this with
        {
            Path = [.. Path, step],
            Charged = total,
            Forecast = forecast,
            Weighed = verdict.Weighed,
            Next = verdict.Next,
            Settled = verdict.Settled,
        };
    }

    /// <summary>The episode after the last answer, which was sent as it came and judged by its first token, has come to its end. What was decided stays.</summary>
    /// <param name="forecast">What is known of the whole answer; null when it could not be judged.</param>
    /// <param name="charged">What all its tokens were charged.</param>
    /// <exception cref="InvalidOperationException">No scale has answered yet.</exception>
    public Episode ObserveRest(AnswerForecast? forecast, Cost charged)
    {
        if (Path is []) throw new InvalidOperationException("No scale has answered yet, so no answer goes on.");
        var last = Path[^1];
        var step = last with
        {
            After = forecast?.Likelihood(last.Scale),
            Charged = charged,
            ExpectedGain = forecast is null ? null : ExpectedGain(forecast, last.Scale),
            Unfamiliar = forecast?.Unfamiliar ?? false,
        };
        IReadOnlyList<PathStep> path = [.. Path.SkipLast(1), step];
        return this with { Path = path, Charged = Cost.Sum(path.Select(one => one.Charged)), Forecast = forecast };
    }

    private float ExpectedGain(AnswerForecast forecast, VisualScale answered) => Math.Max(
        0, Rules.InBounds.Where(scale => scale > answered).Select(scale => forecast.Reported[scale.Rung] - forecast.Reported[answered.Rung]).DefaultIfEmpty().Max());

    /// <summary>The episode after the scale of <see cref="Next"/> found no room to run: the answer in hand is the last.</summary>
    /// <exception cref="InvalidOperationException">No scale has answered yet, or the episode is settled.</exception>
    public Episode ObserveNoRoom() => Path is not [] && Next is not null
        ? this with { Next = null, Settled = SettledReason.NoRoom }
        : throw new InvalidOperationException("Only an escalation can find no room: there is no answer in hand, or nothing was to be run.");
}
