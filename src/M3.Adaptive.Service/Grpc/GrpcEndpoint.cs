using System.Net;
using M3.Adaptive.Contracts.V1;
using M3.Adaptive.Core;
using M3.Adaptive.Service.Health;
using M3.Adaptive.Service.Predicting;
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
            provider.GetRequiredService<IGenerator>().Model.Version, provider.GetRequiredService<LoadedPredictor>().UsableVersion));
        services.AddSingleton<CallFaults>();
        services.AddSingleton<ExceptionInterceptor>();
        services.AddGrpc(static grpc => grpc.Interceptors.Add<ExceptionInterceptor>());
        services.AddGrpcReflection();
        services.AddGrpcHealthChecks(static health => health.Services.Map(AdaptiveService.Descriptor.FullName, static _ => true))
            .AddCheck<ServingCheck>(ServingCheck.Name);
        services.AddLogging(static logging => logging.AddFilter(LibraryLog, LogLevel.None));
    }

    public static void ListenForGrpc(this KestrelServerOptions kestrel, IPEndPoint endpoint)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = null;                                  // each message has its own limit
        kestrel.Listen(endpoint, static listen => listen.Protocols = HttpProtocols.Http2);
    }

    public static void UseGrpcEndpoint(this WebApplication app)
    {
        app.UseMiddleware<VersionTrailers>();
        app.UseMiddleware<UnreadableRequests>();
        app.MapGrpcService<AdaptiveGrpcService>();
        app.MapGrpcHealthChecksService();
        app.MapGrpcReflectionService();
    }
}
