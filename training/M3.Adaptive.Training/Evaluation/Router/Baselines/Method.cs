using M3.Adaptive.Training.Replay;

namespace M3.Adaptive.Training.Evaluation.Router.Baselines;

/// <summary>A way to route, with the settings of its dial (a price, a threshold) from cheap to dear; without a dial there is one.</summary>
/// <param name="Name">Key in reports.</param>
/// <param name="Title">The same in words.</param>
public sealed record Method(string Name, string Title, IReadOnlyList<IRouter> Settings)
{
    /// <summary>Whether its answers count only when they stay right at every finer scale.</summary>
    public bool IsMonotone { get; init; }

    /// <summary>Success probability that a visual token is worth, from nothing to what leaves the coarsest scale only.</summary>
    public static IReadOnlyList<double> Prices { get; } = [.. Enumerable.Range(0, 28).Select(i => 2e-5 * Math.Pow(1.3, i))];

    /// <summary>Confidences below which a cascade goes on, evenly spread over log odds.</summary>
    public static IReadOnlyList<double> Thresholds { get; } = [.. Enumerable.Range(-12, 29).Select(i => 1 / (1 + Math.Exp(-i / 2.0)))];
}
