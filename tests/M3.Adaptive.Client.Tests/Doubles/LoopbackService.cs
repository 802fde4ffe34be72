using System.Net;
using Grpc.Core;
using M3.Adaptive.Contracts.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace M3.Adaptive.Client.Tests.Doubles;

/// <summary>A service on a free port of the loopback interface that answers as a test says.</summary>
internal sealed class LoopbackService : IAsyncDisposable
{
    /// <summary>Answer whose stream stops behind its text until the connection is torn.</summary>
    public const string Cut = "cut";

    private readonly WebApplication _app;
    private readonly Behaviour _behaviour;

    private LoopbackService(WebApplication app, Behaviour behaviour) => (_app, _behaviour) = (app, behaviour);

    public Uri Address => new(_app.Urls.Single());

    /// <summary>The requests that came, in order.</summary>
    public IReadOnlyList<GenerateRequest> Requests
    {
        get
        {
            lock (_behaviour.Requests) return [.. _behaviour.Requests];
        }
    }

    /// <summary>The keys that were shown, in order.</summary>
    public IReadOnlyList<string?> Keys
    {
        get
        {
            lock (_behaviour.Requests) return [.. _behaviour.Keys];
        }
    }

    /// <param name="answer">Is told which call it is, from 1 on, and how to tear the connection.</param>
    public static async Task<LoopbackService> StartAsync(Func<int, Action, GenerateResponse> answer)
    {
        var behaviour = new Behaviour(answer);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddSingleton(behaviour);
        builder.Services.AddGrpc();
        var app = builder.Build();
        app.MapGrpcService<Service>();
        await app.StartAsync();
        return new LoopbackService(app, behaviour);
    }

    /// <summary>Tears the connection of streams that have stopped.</summary>
    public void TearStream() => _behaviour.Torn.TrySetResult();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static void Tear(ServerCallContext context) => context.GetHttpContext().Features.GetRequiredFeature<IConnectionLifetimeFeature>().Abort();

    internal sealed class Behaviour(Func<int, Action, GenerateResponse> answer)
    {
        public List<GenerateRequest> Requests { get; } = [];

        public TaskCompletionSource Torn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<string?> Keys { get; } = [];

        public GenerateResponse Answer(GenerateRequest request, ServerCallContext context)
        {
            int call;
            lock (Requests)
            {
                Requests.Add(request);
                Keys.Add(context.RequestHeaders.GetValue("authorization"));
                call = Requests.Count;
            }

            return answer(call, () => Tear(context));
        }
    }

    internal sealed class Service(Behaviour behaviour) : AdaptiveService.AdaptiveServiceBase
    {
        public override Task<GenerateResponse> Generate(GenerateRequest request, ServerCallContext context) => Task.FromResult(behaviour.Answer(request, context));

        public override async Task GenerateStream(GenerateRequest request, IServerStreamWriter<GenerateStreamResponse> responseStream, ServerCallContext context)
        {
            var response = behaviour.Answer(request, context);
            await responseStream.WriteAsync(new GenerateStreamResponse { Text = response.Text });
            if (response.Text == Cut)
            {
                await behaviour.Torn.Task;
                Tear(context);
            }

            await responseStream.WriteAsync(new GenerateStreamResponse { End = response });
        }
    }
}
