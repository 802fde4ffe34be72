using Grpc.AspNetCore.Server;
using Grpc.AspNetCore.Server.Binding;
using Grpc.AspNetCore.Server.Calls;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps gRPC services to endpoints.</summary>
public static class GrpcEndpointRouteBuilderExtensions
{
    /// <summary>Maps every method of a service, which derives from a base made by the protobuf compiler's gRPC plugin.</summary>
    /// <exception cref="InvalidOperationException"><c>AddGrpc</c> was not called, or the type is no such service.</exception>
    public static GrpcServiceEndpointConventionBuilder MapGrpcService<TService>(this IEndpointRouteBuilder builder) where TService : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.ServiceProvider;
        var marker = services.GetService<GrpcMarker>()
            ?? throw new InvalidOperationException("Call IServiceCollection.AddGrpc() before mapping gRPC services.");
        var all = services.GetRequiredService<IOptions<GrpcServiceOptions>>().Value;
        var settings = ServiceSettings.Of(
            all,
            services.GetRequiredService<IOptions<GrpcServiceOptions<TService>>>().Value,
            marker.IsSingleton(typeof(TService)) ? services : null,
            services.GetRequiredService<ILoggerFactory>().CreateLogger<TService>(),
            services.GetService<TimeProvider>() ?? TimeProvider.System);

        var endpoints = ServiceBinder<TService>.Bind(settings).Select(method => method.Map(builder)).ToList();
        if (all.IgnoreUnknownServices != true && marker.MappedCatchAlls.Add(builder.DataSources)) MapCatchAll(builder);
        return new GrpcServiceEndpointConventionBuilder(endpoints);
    }

    private static void MapCatchAll(IEndpointRouteBuilder builder) => builder
        .MapPost($"/{{service}}/{{method:{UnimplementedConstraint.Name}}}", GrpcRequest.RefuseUnknownAsync)
        .WithDisplayName("gRPC - unknown service or method")
        .Add(endpoint => ((RouteEndpointBuilder)endpoint).Order = int.MaxValue);
}

/// <summary>Adds conventions to all endpoints of a service.</summary>
public sealed class GrpcServiceEndpointConventionBuilder : IEndpointConventionBuilder
{
    private readonly IReadOnlyList<IEndpointConventionBuilder> _endpoints;

    internal GrpcServiceEndpointConventionBuilder(IReadOnlyList<IEndpointConventionBuilder> endpoints) => _endpoints = endpoints;

    /// <inheritdoc/>
    public void Add(Action<EndpointBuilder> convention)
    {
        foreach (var endpoint in _endpoints) endpoint.Add(convention);
    }
}
