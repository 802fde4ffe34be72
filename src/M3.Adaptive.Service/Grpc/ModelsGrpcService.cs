using Grpc.AspNetCore.Server;
using Grpc.Core;
using M3.Adaptive.Routing.Requests;
using M3.Adaptive.Routing.Wishes;
using MediatR;
using Microsoft.Extensions.Options;
using Wire = M3.Adaptive.Contracts.V1;

namespace M3.Adaptive.Service.Grpc;

/// <summary>What answers.</summary>
internal sealed class ModelsGrpcService(IMediator mediator, ServedVersions versions, IOptions<GrpcServiceOptions> grpc) : Wire.Models.ModelsBase
{
    public override async Task<Wire.Model> Get(Wire.GetModelRequest request, ServerCallContext context)
    {
        var query = new ModelQuery(request.Question, request.HasMaxNewTokens ? request.MaxNewTokens : null);
        var reply = await mediator.Send(query, context.CancellationToken);
        var model = new Wire.Model
        {
            Name = reply.Model.Name,
            Hash = reply.Model.Hash,
            EncodeFlops = reply.EncodeFlops,
            SafeScale = reply.SafeScale.Tokens,
            Limits = new Wire.ModelLimits
            {
                ContextPositions = reply.Room.Context,
                TextPositions = reply.Room.Text,
                QuestionCharacters = RequestFaults.MaxQuestionLength,
                NewTokens = WishFaults.MaxNewTokens,
                RequestBytes = grpc.Value.MaxReceiveMessageSize ?? int.MaxValue,
            },
        };
        if (versions.Predictor is { } predictor) model.PredictorVersion = predictor;
        model.Ladder.AddRange(reply.Ladder.Select(
            static rung => new Wire.ModelScale { Scale = rung.Scale.Tokens, Side = rung.Scale.Side, Cost = ReplyMapping.ToWire(rung.Cost), Fits = rung.Fits }));
        model.Guarantees.AddRange(reply.Risks.Select(static risk => new Wire.RiskGuarantee { Risk = risk.Risk, Delta = risk.Delta }));
        return model;
    }
}
