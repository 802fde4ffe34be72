using System.Diagnostics;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace M3.Adaptive.Benchmarks.Service;

/// <summary>
/// Times what passes from a call's headers until its message is there: the client sends the end of it on its own, so that most of this is waiting for the client.
/// </summary>
internal sealed class Arrivals(CallTimes times) : Interceptor, IStartupFilter
{
    public static void AddTo(IServiceCollection services, CallTimes times)
    {
        var arrivals = new Arrivals(times);
        services.AddSingleton(arrivals);
        services.AddSingleton<IStartupFilter>(arrivals);
        services.AddGrpc(static grpc => grpc.Interceptors.Add<Arrivals>());
    }

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(static (context, rest) =>
        {
            context.Items[typeof(Arrivals)] = Stopwatch.GetTimestamp();
            return rest(context);
        });
        next(app);
    };

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        if (context.GetHttpContext().Items[typeof(Arrivals)] is long begun) times.Add("arrival", Stopwatch.GetElapsedTime(begun).TotalSeconds);
        return continuation(request, context);
    }
}
