using System.Net;
using M3.Adaptive.Contracts.V1;
using M3.Adaptive.Core;
using M3.Adaptive.Service.Auth;
using M3.Adaptive.Service.Health;
using M3.Adaptive.Service.Limits;
using M3.Adaptive.Service.Predicting;
using M3.Adaptive.Service.Tls;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace M3.Adaptive.Service.Grpc;

/// <summary>Everything that answers over gRPC: the contract's methods, health and reflection, and what all their calls share.</summary>
internal static class GrpcEndpoint
{
    /// <summary>Log category in which the library reports as errors what callers did wrong; <see cref="CallFaults"/> logs ours.</summary>
    private const string LibraryLog = "Grpc.AspNetCore.Server.ServerCallHandler";

    public static void AddGrpcEndpoint(this IServiceCollection services)
    {
        services.AddSingleton(static provider => new ServedVersions(
            provider.GetRequiredService<IGenerator>().Model.Version, () => provider.GetRequiredService<PredictorRoster>().Served.Champion.UsableVersion));
        services.AddSingleton<CallFaults>();
        services.AddSingleton<ExceptionInterceptor>();
        services.AddSingleton<UnpackedRequests>();
        services.AddDoor();
        services.AddRequestLimits();
        services.AddSingleton<BatchAnswers>();
        services.AddGrpc(static grpc =>
        {
            grpc.Interceptors.Add<ExceptionInterceptor>();
            grpc.Interceptors.Add<UnpackedRequests>();
        });
        services.AddGrpcReflection();
        services.AddGrpcHealthChecks(static health => health.Services.Map(AdaptiveService.Descriptor.FullName, static _ => true))
            .AddCheck<ServingCheck>(ServingCheck.Name);
        services.AddLogging(static logging => logging.AddFilter(LibraryLog, LogLevel.None));
    }

    /// <param name="endpoint">Where to listen.</param>
    /// <param name="maxConnections">Connections open at once; further ones are closed as soon as they are made.</param>
    /// <param name="certificate">What connections are encrypted with; null leaves them plain.</param>
    public static void ListenForGrpc(this KestrelServerOptions kestrel, IPEndPoint endpoint, int maxConnections, CertificateFiles? certificate = null)
    {
        kestrel.Limits.MaxConcurrentConnections = maxConnections;
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestHeadersTotalSize = kestrel.Limits.Http2.MaxRequestHeaderFieldSize = MetadataLimit.MaxLengthOfConnection;
        kestrel.Limits.MaxRequestHeaderCount = 1000;
        kestrel.Limits.MaxRequestBodySize = null;                                  // each message has its own limit
        kestrel.Listen(endpoint, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            if (certificate is not null) listen.UseCertificate(certificate);
        });
    }

    public static void UseGrpcEndpoint(this WebApplication app)
    {
        app.UseMiddleware<VersionTrailers>();
        app.UseMiddleware<StoppingRequests>();
        app.UseMiddleware<MetadataLimit>();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseRateLimiter();
        app.UseMiddleware<UnreadableRequests>();
        app.UseMiddleware<BoundedRequests>();
        app.MapGrpcService<AdaptiveGrpcService>();
        app.MapGrpcService<OutcomesGrpcService>();
        app.MapGrpcService<ModelsGrpcService>();
        app.MapGrpcService<BudgetsGrpcService>();
        app.MapGrpcService<KeysGrpcService>();
        app.MapGrpcService<PredictorsGrpcService>();
        app.MapGrpcHealthChecksService().WithMetadata(ToTheEnd.Instance).AllowAnonymous();
        app.MapGrpcReflectionService();
    }
}
