using M3.Adaptive.Core;
using M3.Adaptive.Routing.Decision;

namespace M3.Adaptive.Routing.Requests;

/// <summary>An encoded picture and the decision made for it. Owns the picture.</summary>
/// <param name="Prediction">Null without a usable predictor.</param>
/// <param name="Estimates">What each scale would be charged at most, coarsest first.</param>
internal sealed record RoutedRequest(
    EncodedImage Image, RoutingRules Rules, ScalePrediction? Prediction, IReadOnlyList<Cost> Estimates, ScaleDecision Decision) : IDisposable
{
    public bool IsEligible(VisualScale scale) => Rules.InBounds(scale) && Rules.Caps.Allow(Estimates[scale.Rung]);

    public void Dispose() => Image.Dispose();
}
