using Grpc.AspNetCore.Server.Calls;
using Microsoft.AspNetCore.Http;

namespace Grpc.Core;

/// <summary>The way from a call to its HTTP request.</summary>
public static class ServerCallContextExtensions
{
    /// <summary>The HTTP context of a call that came through ASP.NET Core.</summary>
    /// <exception cref="InvalidOperationException">The context is another, and carries none in its user state.</exception>
    public static HttpContext GetHttpContext(this ServerCallContext serverCallContext)
    {
        ArgumentNullException.ThrowIfNull(serverCallContext);
        if (serverCallContext is ServerCall call) return call.HttpContext;
        return serverCallContext.UserState.TryGetValue(ServerCall.HttpContextKey, out var http) && http is HttpContext found
            ? found
            : throw new InvalidOperationException("Could not get HttpContext from ServerCallContext.");
    }
}
