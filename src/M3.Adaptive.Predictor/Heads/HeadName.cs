using M3.Adaptive.Core;

namespace M3.Adaptive.Predictor.Heads;

/// <summary>Which probability a head gives: that the answer at one scale is right, before any run or given the evidence of a run.</summary>
/// <param name="After">The scale that has answered; null before any run.</param>
/// <param name="At">The scale whose answer is forecast; not coarser than <paramref name="After"/>. Where both are the same, this is the confidence.</param>
public readonly record struct HeadName(VisualScale? After, VisualScale At)
{
    /// <summary>Five heads before any run, coarsest first; then for each scale that may have answered those from there to the finest: 20.</summary>
    public static IReadOnlyList<HeadName> All { get; } =
    [
        .. VisualScale.All.Select(at => new HeadName(null, at)),
        .. VisualScale.All.SelectMany(after => VisualScale.All.Where(at => at >= after).Select(at => new HeadName(after, at))),
    ];

    public override string ToString() => After is { } after ? $"after-{after}-at-{At}" : $"prior-{At}";
}
