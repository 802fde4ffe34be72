using M3.Adaptive.Core;
using M3.Adaptive.Routing.Wishes;
using MediatR;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Routing.Requests;

/// <summary>Asks what answers, and what its scales cost. Nothing in it has been checked yet.</summary>
/// <param name="Question">What costs are stated for; may be empty.</param>
/// <param name="MaxNewTokens">Length of the answer that costs are stated for; null is the settings' default.</param>
public sealed record ModelQuery(string Question, int? MaxNewTokens) : IRequest<ModelReply>
{
    /// <summary>Finds what is out of range. Pure; field names are the wire contract's.</summary>
    internal static IReadOnlyList<FieldFault> FaultsOf(ModelQuery query) =>
    [
        .. query.Question.EnumerateRunes().Count() is > RequestFaults.MaxQuestionLength and var length
            ? [new FieldFault("question", $"has {length} characters; at most {RequestFaults.MaxQuestionLength} are allowed")]
            : (FieldFault[])[],
        .. WishFaults.OfMaxNewTokens("max_new_tokens", query.MaxNewTokens),
    ];
}

/// <summary>One scale of the model.</summary>
/// <param name="Cost">Of a whole answer: exact in visual tokens and FLOPs, measured here in seconds.</param>
/// <param name="Fits">Whether the question leaves room for it.</param>
public sealed record ModelRung(VisualScale Scale, Cost Cost, bool Fits);

/// <summary>What answers.</summary>
/// <param name="Ladder">Coarsest first.</param>
/// <param name="Room">What the question leaves of the context.</param>
/// <param name="Risks">What is guaranteed now, smallest first.</param>
/// <param name="SafeScale">Used without a predictor.</param>
public sealed record ModelReply(
    ModelIdentity Model, IReadOnlyList<ModelRung> Ladder, double EncodeFlops, ContextRoom Room, IReadOnlyList<RiskPrice> Risks, VisualScale SafeScale);

/// <summary>Asks the model.</summary>
internal sealed class ModelHandler(IGenerator generator, IPredictorRoster predictors, IOptionsMonitor<RoutingOptions> routing) : IRequestHandler<ModelQuery, ModelReply>
{
    public Task<ModelReply> Handle(ModelQuery query, CancellationToken cancellationToken)
    {
        var room = generator.Room(query.Question);
        var newTokens = query.MaxNewTokens ?? routing.CurrentValue.MaxNewTokens;
        ModelRung[] ladder = [.. generator.Ladder.Select(scale => new ModelRung(scale, generator.Estimate(query.Question, scale, newTokens), room.Fits(scale)))];
        var risks = predictors.IsGuaranteed ? predictors.Champion.Prices.Risks : [];
        return Task.FromResult(new ModelReply(generator.Model, ladder, generator.EncodeFlops, room, risks, VisualScale.Of(routing.CurrentValue.SafeScale)));
    }
}
