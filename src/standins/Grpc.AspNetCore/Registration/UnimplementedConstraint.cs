using Grpc.AspNetCore.Server.Calls;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server;

/// <summary>Lets the catch-all for unknown methods see gRPC calls only: other requests stay with the rest of the application.</summary>
internal sealed class UnimplementedConstraint : IRouteConstraint
{
    public const string Name = "grpcunimplemented";

    public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
        httpContext is null || GrpcRequest.IsGrpc(httpContext.Request.ContentType);
}

/// <summary>Shows that <c>AddGrpc</c> was called, and remembers what is registered and that the catch-all is mapped.</summary>
internal sealed class GrpcMarker(IServiceCollection services)
{
    public bool IsSingleton(Type service) =>
        services.LastOrDefault(descriptor => descriptor.ServiceType == service && !descriptor.IsKeyedService) is { Lifetime: ServiceLifetime.Singleton };

    public HashSet<object> MappedCatchAlls { get; } = [];
}
