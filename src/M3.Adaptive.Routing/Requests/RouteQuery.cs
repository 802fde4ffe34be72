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

    /// <summary>New tokens that costs are estimated for; null is the settings' default.</summary>
    public int? MaxNewTokens { get; init; }
}

/// <summary>What is expected of one scale.</summary>
/// <param name="PredictedSuccess">Corrected for the unfamiliar; null without a predictor.</param>
/// <param name="Estimated">What an answer of the largest length would be charged.</param>
/// <param name="Eligible">Within the request's bounds and caps, and the model's context.</param>
/// <param name="Value">What running it first is worth; null when it was not weighed.</param>
public sealed record ScaleForecast(VisualScale Scale, float? PredictedSuccess, Cost Estimated, bool Eligible, double? Value);

/// <summary>The choice and what it was made from.</summary>
/// <param name="Forecasts">Every rung of the model's ladder, coarsest first.</param>
public sealed record RouteReply(
    VisualScale Scale,
    StepReason Reason,
    IReadOnlyList<ScaleForecast> Forecasts,
    DecisionReport Decision,
    ImageHash Image,
    double EncodeFlops,
    TimeSpan EncodeTime);
