namespace Grpc.Core.Interceptors;

/// <summary>What a client call is about to be made with.</summary>
public struct ClientInterceptorContext<TRequest, TResponse> where TRequest : class where TResponse : class
{
    public ClientInterceptorContext(Method<TRequest, TResponse> method, string? host, CallOptions options) =>
        (Method, Host, Options) = (method, host, options);

    /// <summary>The method.</summary>
    public Method<TRequest, TResponse> Method { get; }

    /// <summary>The host, or null for the channel's.</summary>
    public string? Host { get; }

    /// <summary>The options.</summary>
    public CallOptions Options { get; }
}
