using System.Reflection;
using Grpc.AspNetCore.Server.Calls;
using Grpc.Core;

namespace Grpc.AspNetCore.Server.Binding;

/// <summary>
/// Finds a service's methods by letting its generated base bind them to us: each call names a method and its message types,
/// for which the service's own method is looked up.
/// </summary>
internal sealed class ServiceBinder<TService> : ServiceBinderBase where TService : class
{
    private readonly ServiceSettings _settings;
    private readonly List<BoundMethod> _methods = [];

    private ServiceBinder(ServiceSettings settings) => _settings = settings;

    public static IReadOnlyList<BoundMethod> Bind(ServiceSettings settings)
    {
        var (serviceBase, bindMethod) = FindBindMethod();
        var binder = new ServiceBinder<TService>(settings);
        bindMethod.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [binder, null], null);
        return binder._methods.Count > 0
            ? binder._methods
            : throw new InvalidOperationException($"{serviceBase} binds no methods.");
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
    {
        var own = Find(method, typeof(TRequest), typeof(ServerCallContext));
        var invoke = own.CreateDelegate<Func<TService, TRequest, ServerCallContext, Task<TResponse>>>();
        var chain = InterceptorChain.Unary(_settings.Interceptors, (TRequest request, ServerCallContext context) =>
            ServiceActivator<TService>.Invoke(context, _settings.Singletons, (invoke, request), static (service, call, s) => s.invoke(service, s.request, call)));
        Add(method, own, new UnaryHandler<TRequest, TResponse>(method, chain, _settings));
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var own = Find(method, typeof(IAsyncStreamReader<TRequest>), typeof(ServerCallContext));
        var invoke = own.CreateDelegate<Func<TService, IAsyncStreamReader<TRequest>, ServerCallContext, Task<TResponse>>>();
        var chain = InterceptorChain.ClientStreaming(_settings.Interceptors, (IAsyncStreamReader<TRequest> requests, ServerCallContext context) =>
            ServiceActivator<TService>.Invoke(context, _settings.Singletons, (invoke, requests), static (service, call, s) => s.invoke(service, s.requests, call)));
        Add(method, own, new ClientStreamingHandler<TRequest, TResponse>(method, chain, _settings));
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var own = Find(method, typeof(TRequest), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
        var invoke = own.CreateDelegate<Func<TService, TRequest, IServerStreamWriter<TResponse>, ServerCallContext, Task>>();
        var chain = InterceptorChain.ServerStreaming(
            _settings.Interceptors,
            (TRequest request, IServerStreamWriter<TResponse> responses, ServerCallContext context) => ServiceActivator<TService>.Invoke(
                context, _settings.Singletons, (invoke, request, responses), static (service, call, s) => s.invoke(service, s.request, s.responses, call)));
        Add(method, own, new ServerStreamingHandler<TRequest, TResponse>(method, chain, _settings));
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var own = Find(method, typeof(IAsyncStreamReader<TRequest>), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
        var invoke = own.CreateDelegate<Func<TService, IAsyncStreamReader<TRequest>, IServerStreamWriter<TResponse>, ServerCallContext, Task>>();
        var chain = InterceptorChain.Duplex(
            _settings.Interceptors,
            (IAsyncStreamReader<TRequest> requests, IServerStreamWriter<TResponse> responses, ServerCallContext context) =>
                ServiceActivator<TService>.Invoke(
                    context, _settings.Singletons, (invoke, requests, responses), static (service, call, s) => s.invoke(service, s.requests, s.responses, call)));
        Add(method, own, new DuplexHandler<TRequest, TResponse>(method, chain, _settings));
    }

    private static (Type ServiceBase, MethodInfo BindMethod) FindBindMethod()
    {
        for (var type = typeof(TService); type is not null; type = type.BaseType)
        {
            if (type.GetCustomAttribute<BindServiceMethodAttribute>(inherit: false) is not { } attribute) continue;
            var bind = attribute.BindType.GetMethod(
                attribute.BindMethodName, BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static, [typeof(ServiceBinderBase), type]);
            return (type, bind ?? throw new InvalidOperationException(
                $"{attribute.BindType} has no static method {attribute.BindMethodName}(ServiceBinderBase, {type.Name})."));
        }

        throw new InvalidOperationException($"{typeof(TService)} derives from no generated gRPC service base.");
    }

    private static MethodInfo Find(IMethod method, params Type[] parameters) =>
        typeof(TService).GetMethod(method.Name, BindingFlags.Public | BindingFlags.Instance, parameters)
        ?? throw new InvalidOperationException($"{typeof(TService)} has no public method {method.Name} for {method.FullName}.");

    private void Add(IMethod method, MethodInfo own, ServerCallHandler handler)
    {
        object[] metadata = [.. typeof(TService).GetCustomAttributes(inherit: true), .. own.GetCustomAttributes(inherit: true),
            new GrpcMethodMetadata(typeof(TService), method)];
        _methods.Add(new BoundMethod(method, handler, metadata));
    }
}
