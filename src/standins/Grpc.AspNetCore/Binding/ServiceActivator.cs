using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server.Binding;

/// <summary>
/// Gives each call its service: the registered one, or an instance made for the call and disposed after it. A singleton comes from the
/// application's own services, so that its calls need no scope.
/// </summary>
internal static class ServiceActivator<TService> where TService : class
{
    private static readonly Lazy<ObjectFactory<TService>> Factory = new(() => ActivatorUtilities.CreateFactory<TService>([]));

    public static Task<TResponse> Invoke<TState, TResponse>(
        ServerCallContext context, IServiceProvider? singletons, TState state, Func<TService, ServerCallContext, TState, Task<TResponse>> invoke)
    {
        var service = Activate(context, singletons, out var owned);
        return owned is null ? invoke(service, context, state) : InvokeAndDispose();

        async Task<TResponse> InvokeAndDispose()
        {
            await using (owned.ConfigureAwait(false)) return await invoke(service, context, state).ConfigureAwait(false);
        }
    }

    public static Task Invoke<TState>(ServerCallContext context, IServiceProvider? singletons, TState state, Func<TService, ServerCallContext, TState, Task> invoke)
    {
        var service = Activate(context, singletons, out var owned);
        return owned is null ? invoke(service, context, state) : InvokeAndDispose();

        async Task InvokeAndDispose()
        {
            await using (owned.ConfigureAwait(false)) await invoke(service, context, state).ConfigureAwait(false);
        }
    }

    private static TService Activate(ServerCallContext context, IServiceProvider? singletons, out IAsyncDisposable? owned)
    {
        owned = null;
        if (singletons is not null) return singletons.GetRequiredService<TService>();
        var services = context.GetHttpContext().RequestServices;
        if (services.GetService<TService>() is { } registered) return registered;
        var made = Factory.Value(services, []);
        owned = Owned.Of(made);
        return made;
    }
}

/// <summary>Disposes an object made for one call, in whichever way it can be.</summary>
internal sealed class Owned(IDisposable disposable) : IAsyncDisposable
{
    /// <summary>How to dispose the object; null if it needs none.</summary>
    public static IAsyncDisposable? Of(object made) =>
        made as IAsyncDisposable ?? (made is IDisposable disposable ? new Owned(disposable) : null);

    public ValueTask DisposeAsync()
    {
        disposable.Dispose();
        return ValueTask.CompletedTask;
    }
}
