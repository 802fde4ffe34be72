using M3.Adaptive.Core;
using M3.Adaptive.Routing.Budget;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Wishes;

namespace M3.Adaptive.Routing.Requests;

/// <summary>What is to be routed.</summary>
/// <param name="Tenant">Whose budget it counts in.</param>
/// <param name="RequestId">The caller's name for it; null without one.</param>
/// <param name="MaxNewTokens">Length of the answer that costs are estimated for.</param>
/// <param name="Deadline">When the caller gives up; null is never.</param>
/// <param name="IsRun">Whether scales are to be run, so that what they may be charged is reserved.</param>
internal sealed record RouteRequest(
    string Tenant, string? RequestId, ImageSource Image, string Question, RoutingWish Wish, int MaxNewTokens, DateTimeOffset? Deadline, bool IsRun);

/// <summary>An encoded image, the episode that was started for its question, and what is held of the budget. Owns the image and what is held.</summary>
/// <param name="Turn">The predictor that decides for this request to its end.</param>
/// <param name="Shadow">What a challenger that looks on would have done.</param>
/// <param name="Own">The request's rules before its budget narrowed them.</param>
internal sealed record RoutedRequest(
    string Tenant, PredictorTurn Turn, ShadowRecord? Shadow, EncodedImage Image, RoutingRules Own, Episode Episode, BudgetHold Hold) : IDisposable
{
    public void Dispose()
    {
        Hold.Dispose();
        Image.Dispose();
    }
}
