using M3.Adaptive.Core;
using M3.Adaptive.Routing.Requests;
using MediatR;

namespace M3.Adaptive.Service.Drift;

/// <summary>Tells the watch of every answer.</summary>
internal sealed class DriftObserving(DriftWatch watch) : IPipelineBehavior<GenerateQuery, GenerateReply>
{
    public async Task<GenerateReply> Handle(GenerateQuery request, CancellationToken cancellationToken, RequestHandlerDelegate<GenerateReply> next)
    {
        var reply = await next();
        watch.Answered(reply);
        return reply;
    }
}

/// <summary>Tells the watch of every decision that is kept.</summary>
internal sealed class WatchedDecisions(IDecisionLog kept, DriftWatch watch) : IDecisionLog
{
    public async ValueTask AppendAsync(DecisionRecord decision, BudgetSettlement? settlement, CancellationToken cancellation)
    {
        await kept.AppendAsync(decision, settlement, cancellation);
        watch.Decided(decision);
    }
}
