using Grpc.Core.Interceptors;

namespace Grpc.Core;

/// <summary>Base of the generated clients.</summary>
public abstract class ClientBase<T> : ClientBase where T : ClientBase<T>
{
    /// <summary>For test doubles only: such a client makes no calls.</summary>
    protected ClientBase() { }

    protected ClientBase(ClientBaseConfiguration configuration) : base(configuration) { }

    protected ClientBase(ChannelBase channel) : base(channel) { }

    protected ClientBase(CallInvoker callInvoker) : base(callInvoker) { }

    /// <summary>A client like this one whose calls carry another host.</summary>
    public T WithHost(string host) => NewInstance(new ClientBaseConfiguration(Configuration.UndecoratedCallInvoker, host));

    /// <summary>A client of the same type with that configuration.</summary>
    protected abstract T NewInstance(ClientBaseConfiguration configuration);
}

/// <summary>What the generated clients share.</summary>
public abstract class ClientBase
{
    private readonly ClientBaseConfiguration? _configuration;
    private readonly CallInvoker? _callInvoker;

    /// <summary>For test doubles only: such a client makes no calls.</summary>
    protected ClientBase() { }

    protected ClientBase(ClientBaseConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        _configuration = configuration;
        _callInvoker = configuration.CreateDecoratedCallInvoker();
    }

    protected ClientBase(ChannelBase channel) : this((channel ?? throw new ArgumentNullException(nameof(channel))).CreateCallInvoker()) { }

    protected ClientBase(CallInvoker callInvoker) : this(new ClientBaseConfiguration(callInvoker, null)) { }

    /// <summary>The invoker of this client's calls.</summary>
    protected CallInvoker CallInvoker => _callInvoker ?? throw Unconfigured();

    internal ClientBaseConfiguration Configuration => _configuration ?? throw Unconfigured();

    private static NotSupportedException Unconfigured() => new("A client made by its parameterless constructor is for test doubles only.");

    /// <summary>What a client was made from.</summary>
    protected internal class ClientBaseConfiguration
    {
        private readonly string? _host;

        internal ClientBaseConfiguration(CallInvoker undecoratedCallInvoker, string? host)
        {
            ArgumentNullException.ThrowIfNull(undecoratedCallInvoker);
            (UndecoratedCallInvoker, _host) = (undecoratedCallInvoker, host);
        }

        internal CallInvoker UndecoratedCallInvoker { get; }

        internal CallInvoker CreateDecoratedCallInvoker() =>
            _host is null ? UndecoratedCallInvoker : UndecoratedCallInvoker.Intercept(new HostInterceptor(_host));
    }

    private sealed class HostInterceptor(string host) : Interceptor
    {
        public override TResponse BlockingUnaryCall<TRequest, TResponse>(
            TRequest request, ClientInterceptorContext<TRequest, TResponse> context, BlockingUnaryCallContinuation<TRequest, TResponse> continuation) =>
            continuation(request, WithHost(context));

        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation) =>
            continuation(request, WithHost(context));

        public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
            TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation) =>
            continuation(request, WithHost(context));

        public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
            ClientInterceptorContext<TRequest, TResponse> context, AsyncClientStreamingCallContinuation<TRequest, TResponse> continuation) =>
            continuation(WithHost(context));

        public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
            ClientInterceptorContext<TRequest, TResponse> context, AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation) =>
            continuation(WithHost(context));

        private ClientInterceptorContext<TRequest, TResponse> WithHost<TRequest, TResponse>(ClientInterceptorContext<TRequest, TResponse> context)
            where TRequest : class where TResponse : class => new(context.Method, host, context.Options);
    }
}
