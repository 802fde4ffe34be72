using Grpc.AspNetCore.Server.Calls;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Grpc.AspNetCore.Server.Binding;

/// <summary>A method ready to be an endpoint.</summary>
internal sealed record BoundMethod(IMethod Method, ServerCallHandler Handler, object[] Metadata)
{
    public IEndpointConventionBuilder Map(IEndpointRouteBuilder builder) => builder
        .MapPost(Method.FullName, Handler.HandleAsync)
        .WithDisplayName($"gRPC - {Method.FullName}")
        .WithMetadata(Metadata);
}
