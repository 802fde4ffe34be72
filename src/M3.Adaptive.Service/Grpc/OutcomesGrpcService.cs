using Grpc.Core;
using M3.Adaptive.Contracts.V1;
using M3.Adaptive.Routing.Requests;
using M3.Adaptive.Service.Auth;
using MediatR;
using Verdict = M3.Adaptive.Core.Verdict;
using Wire = M3.Adaptive.Contracts.V1;

namespace M3.Adaptive.Service.Grpc;

/// <summary>What became of answers.</summary>
internal sealed class OutcomesGrpcService(IMediator mediator) : Outcomes.OutcomesBase
{
    public override async Task<RecordOutcomeResponse> Record(RecordOutcomeRequest request, ServerCallContext context)
    {
        var caller = context.Caller();
        var command = new OutcomeCommand(
            caller.Tenant, caller.Name, request.DecisionId, request.HasVerdict ? ToVerdict(request.Verdict) : null,
            request.HasReference ? request.Reference : null);
        await mediator.Send(command, context.CancellationToken);
        return new RecordOutcomeResponse();
    }

    // What is none of them is refused where all fields are.
    private static Verdict ToVerdict(Wire.Verdict verdict) => verdict switch
    {
        Wire.Verdict.Unknown => Verdict.Unknown,
        Wire.Verdict.Right => Verdict.Right,
        Wire.Verdict.Wrong => Verdict.Wrong,
        _ => (Verdict)(-1),
    };
}
