using Grpc.Core;
using M3.Adaptive.Contracts.V1;
using M3.Adaptive.Routing.Requests;
using M3.Adaptive.Service.Auth;
using M3.Adaptive.Service.Drift;
using M3.Adaptive.Service.Predicting;
using MediatR;

namespace M3.Adaptive.Service.Grpc;

/// <summary>The wire contract's methods: each is mapped to a use case and back, and nothing else.</summary>
internal sealed class AdaptiveGrpcService(IMediator mediator, BatchAnswers batches, DriftWatch drift, PredictorRoster roster) : AdaptiveService.AdaptiveServiceBase
{
    public override async Task<GenerateResponse> Generate(GenerateRequest request, ServerCallContext context) =>
        ReplyMapping.ToResponse(await mediator.Send(Query(request, context), context.CancellationToken));

    public override async Task GenerateStream(GenerateRequest request, IServerStreamWriter<GenerateStreamResponse> responseStream, ServerCallContext context)
    {
        var query = Query(request, context) with { Sink = new StreamedText(responseStream) };
        var reply = await mediator.Send(query, context.CancellationToken);
        await responseStream.WriteAsync(new GenerateStreamResponse { End = ReplyMapping.ToResponse(reply) }, context.CancellationToken);
    }

    public override Task GenerateBatch(
        IAsyncStreamReader<GenerateRequest> requestStream, IServerStreamWriter<GenerateBatchResponse> responseStream, ServerCallContext context) =>
        batches.RunAsync(requestStream, responseStream, context);

    public override async Task<RouteResponse> Route(RouteRequest request, ServerCallContext context) =>
        ReplyMapping.ToResponse(await mediator.Send(RequestMapping.ToQuery(request, context.Caller()), context.CancellationToken));

    public override async Task<StatusResponse> Status(StatusRequest request, ServerCallContext context) =>
        PredictorMapping.AddTo(ReplyMapping.ToResponse(await mediator.Send(new StatusQuery(), context.CancellationToken), drift.Alarms), roster.Served);

    // The library itself answers calls that run out of time; what it then says is completed from the call's features.
    private static GenerateQuery Query(GenerateRequest request, ServerCallContext context)
    {
        var progress = new RouteProgress();
        context.GetHttpContext().Features.Set(progress);
        return RequestMapping.ToQuery(request, context.Caller(), context.Deadline) with { Progress = progress };
    }
}
