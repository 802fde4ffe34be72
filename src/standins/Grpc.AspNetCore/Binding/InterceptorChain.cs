using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server.Binding;

/// <summary>Puts interceptors around a handler; done once a method, not once a call.</summary>
internal static class InterceptorChain
{
    public static UnaryServerMethod<TRequest, TResponse> Unary<TRequest, TResponse>(
        IReadOnlyList<InterceptorRegistration> interceptors, UnaryServerMethod<TRequest, TResponse> handler)
        where TRequest : class where TResponse : class =>
        interceptors.Reverse().Aggregate(handler, static (next, registration) => async (request, context) =>
        {
            var (interceptor, owned) = Activate(registration, context);
            await using (owned) return await interceptor.UnaryServerHandler(request, context, next).ConfigureAwait(false);
        });

    public static ClientStreamingServerMethod<TRequest, TResponse> ClientStreaming<TRequest, TResponse>(
        IReadOnlyList<InterceptorRegistration> interceptors, ClientStreamingServerMethod<TRequest, TResponse> handler)
        where TRequest : class where TResponse : class =>
        interceptors.Reverse().Aggregate(handler, static (next, registration) => async (requests, context) =>
        {
            var (interceptor, owned) = Activate(registration, context);
            await using (owned) return await interceptor.ClientStreamingServerHandler(requests, context, next).ConfigureAwait(false);
        });

    public static ServerStreamingServerMethod<TRequest, TResponse> ServerStreaming<TRequest, TResponse>(
        IReadOnlyList<InterceptorRegistration> interceptors, ServerStreamingServerMethod<TRequest, TResponse> handler)
        where TRequest : class where TResponse : class =>
        interceptors.Reverse().Aggregate(handler, static (next, registration) => async (request, responses, context) =>
        {
            var (interceptor, owned) = Activate(registration, context);
            await using (owned) await interceptor.ServerStreamingServerHandler(request, responses, context, next).ConfigureAwait(false);
        });

    public static DuplexStreamingServerMethod<TRequest, TResponse> Duplex<TRequest, TResponse>(
        IReadOnlyList<InterceptorRegistration> interceptors, DuplexStreamingServerMethod<TRequest, TResponse> handler)
        where TRequest : class where TResponse : class =>
        interceptors.Reverse().Aggregate(handler, static (next, registration) => async (requests, responses, context) =>
        {
            var (interceptor, owned) = Activate(registration, context);
            await using (owned) await interceptor.DuplexStreamingServerHandler(requests, responses, context, next).ConfigureAwait(false);
        });

    private static (Interceptor Interceptor, IAsyncDisposable? Owned) Activate(InterceptorRegistration registration, ServerCallContext context)
    {
        var services = context.GetHttpContext().RequestServices;
        if (registration.Arguments.Count == 0 && services.GetService(registration.Type) is Interceptor registered) return (registered, null);
        var made = (Interceptor)ActivatorUtilities.CreateInstance(services, registration.Type, [.. registration.Arguments]);
        return (made, Owned.Of(made));
    }
}
