using Grpc.Core;
using Grpc.Core.Interceptors;
using M3.Adaptive.Core;
using M3.Adaptive.Service.Predicting;

namespace M3.Adaptive.Service.Grpc;

/// <summary>
/// Says in the trailers of every call, refusals and health checks included, which weights and which predictor serve. Without a usable
/// predictor the second trailer is absent.
/// </summary>
internal sealed class VersionInterceptor(IGenerator generator, LoadedPredictor predictor) : Interceptor
{
    public const string ModelTrailer = "m3-model-version";
    public const string PredictorTrailer = "m3-predictor-version";

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        context.ResponseTrailers.Add(ModelTrailer, generator.Model.Version);
        if (predictor.UsableVersion is { } version) context.ResponseTrailers.Add(PredictorTrailer, version);
        return continuation(request, context);
    }
}
