using Grpc.Core;
using M3.Adaptive.Contracts.V1;
using M3.Adaptive.Inference;
using M3.Adaptive.Predictor.Registry;
using M3.Adaptive.Service.Auth;
using M3.Adaptive.Service.Predicting;
using M3.Adaptive.Service.Refusals;
using M3.Adaptive.Service.Retraining;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Service.Grpc;

/// <summary>Which predictor decides, over the registry of this process's state folder.</summary>
[Authorize(Policy = Door.Admins)]
internal sealed class PredictorsGrpcService(
    PredictorRoster roster, RetrainingTurn retraining, IOptions<RetrainingOptions> options, IOptions<InferenceOptions> model, IConfiguration settings) : Predictors.PredictorsBase
{
    private const double DefaultShare = 0.05;

    // A setting names one predictor's folder: then nothing that a registry says would count.
    private PredictorRegistry Registry => roster.Registry
        ?? throw new Refusal(StatusCode.FailedPrecondition, "PREDICTOR_IS_SET", "The setting Predictor:Directory names the predictor: unset it to serve the registry's.").ToException();

    public override Task<ListPredictorsResponse> List(ListPredictorsRequest request, ServerCallContext context)
    {
        var aliases = Registry.Aliases();
        var response = new ListPredictorsResponse
        {
            Versions = { Registry.List().Select(PredictorMapping.ToWire) },
            Before = { aliases.Before },
            Challenger = PredictorMapping.ToWire(aliases.Challenger),
        };
        if (aliases.Champion is { } champion) response.Champion = champion;
        return Task.FromResult(response);
    }

    public override Task<GetPredictorResponse> Get(GetPredictorRequest request, ServerCallContext context) =>
        Task.FromResult(new GetPredictorResponse { Version = PredictorMapping.ToWire(Registry.Get(request.Number)) });

    public override Task<DiffPredictorsResponse> Diff(DiffPredictorsRequest request, ServerCallContext context) => Task.FromResult(
        new DiffPredictorsResponse { Figures = { VersionDiff.Of(Registry.Get(request.From), Registry.Get(request.To)).Select(PredictorMapping.ToWire) } });

    public override Task<SetShadowResponse> SetShadow(SetShadowRequest request, ServerCallContext context)
    {
        if (request.HasNumber) Registry.SetChallenger(request.Number, ChallengerStage.Shadow, 0, By(context), request.Why, cancellation: context.CancellationToken);
        else Registry.EndTrial(By(context), request.Why, cancellation: context.CancellationToken);
        return Done<SetShadowResponse>();
    }

    public override Task<SetCanaryResponse> SetCanary(SetCanaryRequest request, ServerCallContext context)
    {
        var stage = request.Experiment ? ChallengerStage.Experiment : ChallengerStage.Canary;
        Registry.SetChallenger(
            request.Number, stage, request.HasShare ? request.Share : DefaultShare, By(context), request.Why, request.Force, context.CancellationToken);
        return Done<SetCanaryResponse>();
    }

    public override Task<PromotePredictorResponse> Promote(PromotePredictorRequest request, ServerCallContext context)
    {
        Registry.Promote(request.Number, By(context), request.Why, request.Force, cancellation: context.CancellationToken);
        return Done<PromotePredictorResponse>();
    }

    public override async Task<RollbackPredictorResponse> Rollback(RollbackPredictorRequest request, ServerCallContext context)
    {
        Registry.Rollback(By(context), request.Why, cancellation: context.CancellationToken);
        var response = await Done<RollbackPredictorResponse>();
        response.Champion = Registry.Aliases().Champion ?? 0;
        return response;
    }

    public override async Task Retrain(RetrainPredictorRequest request, IServerStreamWriter<RetrainPredictorResponse> responseStream, ServerCallContext context)
    {
        using var turn = retraining.TryTake()
            ?? throw new Refusal(StatusCode.FailedPrecondition, "RETRAINING_RUNS", "A retraining runs already: wait for its end.").ToException();
        var before = Registry.List().Count;
        var why = request.Why.Length > 0 ? request.Why : $"asked for by {By(context)}";
        var ended = await RetrainingProcess.RunAsync(
            options.Value, model.Value.ModelDirectory, why, settings, context.CancellationToken,
            line => responseStream.WriteAsync(new RetrainPredictorResponse { Progress = line }, context.CancellationToken));
        if (Registry.List() is not { } after || after.Count == before)
            throw new Refusal(StatusCode.FailedPrecondition, "RETRAINING_FAILED", $"The retraining registered nothing (exit code {ended.ExitCode}); the lines before say why.").ToException();
        await responseStream.WriteAsync(new RetrainPredictorResponse { Number = after[^1].Number }, context.CancellationToken);
    }

    // The caller's next request is to meet what it has just set.
    private Task<T> Done<T>()
        where T : new()
    {
        roster.Refresh();
        return Task.FromResult(new T());
    }

    private static string By(ServerCallContext context) => context.Caller().Name;
}
