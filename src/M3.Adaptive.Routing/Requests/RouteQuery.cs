using M3.Adaptive.Core;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Wishes;
using MediatR;

namespace M3.Adaptive.Routing.Requests;

/// <summary>Asks which scale a question would be given, without answering it. Nothing in it has been checked yet.</summary>
public sealed record RouteQuery : IRequest<RouteReply>
{
    /// <summary>Logged with the decision; null for none.</summary>
    public string? RequestId { get; init; }

    /// <summary>Who asks.</summary>
    public Caller Caller { get; init; } = Caller.Anonymous;

    public required ImageSource? Image { get; init; }

    public required string Question { get; init; }

    public RoutingWish Routing { get; init; } = RoutingWish.Default;

    /// <summary>New tokens that costs are estimated for; null is what <see cref="Decoding"/> says.</summary>
    public int? MaxNewTokens { get; init; }

    /// <summary>How the answer's tokens would be chosen; of this only their number counts.</summary>
    public DecodingWish Decoding { get; init; } = DecodingWish.Default;
}

/// <summary>What is expected of one scale.</summary>
/// <param name="PredictedSuccess">Corrected for the unfamiliar; null without a predictor.</param>
/// <param name="Estimated">What an answer of the largest length would be charged.</param>
/// <param name="Eligible">It may run first: all that follows, and the request's bounds.</param>
/// <param name="HasRoom">Whether prompt and visual tokens leave a position of the model's context for the answer.</param>
/// <param name="WithinCaps">Whether its estimate stays within the request's own caps.</param>
/// <param name="WithinBudget">Whether it fits what is left of the tenant's budget, and that leaves it open; true without one.</param>
/// <param name="Value">What running it first is worth; null when it was not weighed.</param>
public sealed record ScaleForecast(VisualScale Scale, float? PredictedSuccess, Cost Estimated, bool Eligible, bool HasRoom, bool WithinCaps, bool WithinBudget, double? Value);

/// <summary>The choice and what it was made from.</summary>
/// <param name="Forecasts">Every rung of the model's ladder, coarsest first.</param>
/// <param name="TextTokens">Positions of the prompt with the question, without visual tokens.</param>
/// <param name="Expected">What the route is expected to be charged, escalations by routing's own forecast included.</param>
/// <param name="Worst">What it can be charged at most.</param>
/// <param name="Waiting">How long what the model has before it is expected to take; in no cost.</param>
public sealed record RouteReply(
    VisualScale Scale,
    StepReason Reason,
    IReadOnlyList<ScaleForecast> Forecasts,
    int TextTokens,
    MeanCost Expected,
    Cost Worst,
    DecisionReport Decision,
    ImageHash Image,
    double EncodeFlops,
    TimeSpan EncodeTime,
    TimeSpan Waiting);
