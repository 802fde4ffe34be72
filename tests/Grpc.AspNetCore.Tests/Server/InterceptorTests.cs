using Grpc.AspNetCore.Tests.Protos;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Tests.Server;

public class InterceptorTests
{
    /// <summary>Notes when calls pass it, and when it is disposed.</summary>
    private sealed class Noting(List<string> notes, string name) : Interceptor, IDisposable
    {
        public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        {
            notes.Add($"{name} before");
            var response = await continuation(request, context);
            notes.Add($"{name} after");
            return response;
        }

        public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
            DuplexStreamingServerMethod<TRequest, TResponse> continuation)
        {
            notes.Add($"{name} duplex");
            return continuation(requestStream, responseStream, context);
        }

        public void Dispose() => notes.Add($"{name} disposed");
    }

    private sealed class Translating : Interceptor
    {
        public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        {
            try
            {
                return await continuation(request, context);
            }
            catch (ArgumentException)
            {
                throw new RpcException(new Status(StatusCode.InvalidArgument, "translated"));
            }
        }
    }

    private sealed class ClientNoting(List<string> notes) : Interceptor
    {
        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            notes.Add(context.Method.Name);
            var headers = new Metadata { { "added", "by interceptor" } };
            return continuation(request, new ClientInterceptorContext<TRequest, TResponse>(context.Method, context.Host, context.Options.WithHeaders(headers)));
        }
    }

    [Fact]
    public async Task Interceptors_OfAllThenOfService_WrapTheHandler()
    {
        List<string> notes = [];
        await using var server = await EchoServer.StartAsync(
            o => o.Interceptors.Add<Noting>(notes, "all"),
            services => services.AddGrpc().AddServiceOptions<EchoService>(o => o.Interceptors.Add<Noting>(notes, "own")));
        server.Behaviour.Unary = (_, _) =>
        {
            notes.Add("handler");
            return Task.FromResult(new EchoReply());
        };

        await server.Client.UnaryAsync(new EchoRequest()).ResponseAsync.Soon();
        Assert.Equal(["all before", "own before", "handler", "own after", "own disposed", "all after", "all disposed"], notes);

        notes.Clear();
        using var call = server.Client.Duplex();
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext().Soon());
        Assert.Equal(["all duplex", "own duplex"], notes.Take(2));
    }

    [Fact]
    public async Task Interceptor_RegisteredAsService_IsThatOne()
    {
        List<string> notes = [];
        await using var server = await EchoServer.StartAsync(
            o => o.Interceptors.Add<Noting>(), services => services.AddSingleton(new Noting(notes, "single")));

        await server.Client.UnaryAsync(new EchoRequest()).ResponseAsync.Soon();

        Assert.Equal(["single before", "single after"], notes); // not disposed after the call
    }

    [Fact]
    public async Task Interceptor_TranslatesExceptions()
    {
        await using var server = await EchoServer.StartAsync(o => o.Interceptors.Add<Translating>());
        server.Behaviour.Unary = (_, _) => throw new ArgumentException("inner");

        var exception = await Assert.ThrowsAsync<RpcException>(() => server.Client.UnaryAsync(new EchoRequest()).ResponseAsync.Soon());

        Assert.Equal((StatusCode.InvalidArgument, "translated"), (exception.StatusCode, exception.Status.Detail));
    }

    [Fact]
    public async Task ClientInterceptor_MayChangeTheCall()
    {
        List<string> notes = [];
        await using var server = await EchoServer.StartAsync();
        server.Behaviour.Unary = (_, context) => Task.FromResult(new EchoReply { Text = context.RequestHeaders.GetValue("added") });

        var client = new Echo.EchoClient(server.Channel.Intercept(new ClientNoting(notes)));

        Assert.Equal("by interceptor", (await client.UnaryAsync(new EchoRequest()).ResponseAsync.Soon()).Text);
        Assert.Equal(["Unary"], notes);
    }

    [Fact]
    public async Task DetailedErrors_Enabled_TellTheText()
    {
        await using var server = await EchoServer.StartAsync(o => o.EnableDetailedErrors = true);
        server.Behaviour.Unary = (_, _) => throw new InvalidOperationException("for developers");

        var exception = await Assert.ThrowsAsync<RpcException>(() => server.Client.UnaryAsync(new EchoRequest()).ResponseAsync.Soon());

        Assert.Contains("for developers", exception.Status.Detail, StringComparison.Ordinal);
        Assert.Single(server.Log.Take());
    }
}
