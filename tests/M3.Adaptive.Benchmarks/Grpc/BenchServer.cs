using System.Buffers;
using System.Net;
using global::Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace M3.Adaptive.Benchmarks.Grpc;

/// <summary>The gRPC service and, beside it on the same Kestrel, endpoints that move the same bytes with nothing between.</summary>
internal static class BenchServer
{
    /// <summary>Messages of one stream.</summary>
    public const int StreamLength = 1_000;

    public const string UnaryPath = "/m3.adaptive.benchmarks.Echo/Unary";
    public const string StreamPath = "/m3.adaptive.benchmarks.Echo/Stream";
    public const string PlainUnaryPath = "/plain/unary";
    public const string PlainStreamPath = "/plain/stream";

    public static async Task<WebApplication> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddGrpc();
        builder.Services.AddSingleton<EchoService>();
        var app = builder.Build();
        app.MapGrpcService<EchoService>();
        app.MapPost(PlainUnaryPath, (RequestDelegate)PlainUnaryAsync);
        app.MapPost(PlainStreamPath, (RequestDelegate)PlainStreamAsync);
        await app.StartAsync();
        return app;
    }

    private static async Task PlainUnaryAsync(HttpContext http)
    {
        var body = await ReadWholeAsync(http);
        http.Response.ContentType = "application/grpc";
        await http.Response.StartAsync();
        Copy(body, http.Response.BodyWriter);
        http.Request.BodyReader.AdvanceTo(body.End);
        http.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers.GrpcStatus = "0";
    }

    private static async Task PlainStreamAsync(HttpContext http)
    {
        var body = await ReadWholeAsync(http);
        var frame = body.ToArray();
        http.Request.BodyReader.AdvanceTo(body.End);
        http.Response.ContentType = "application/grpc";
        await http.Response.StartAsync();
        for (var i = 0; i < StreamLength; i++)
        {
            http.Response.BodyWriter.Write(frame);
            await http.Response.BodyWriter.FlushAsync();
        }

        http.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers.GrpcStatus = "0";
    }

    private static async Task<ReadOnlySequence<byte>> ReadWholeAsync(HttpContext http)
    {
        while (true)
        {
            var result = await http.Request.BodyReader.ReadAsync();
            if (result.IsCompleted) return result.Buffer;
            http.Request.BodyReader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private static void Copy(ReadOnlySequence<byte> source, IBufferWriter<byte> target)
    {
        foreach (var segment in source) target.Write(segment.Span);
    }

    private sealed class EchoService : Echo.EchoBase
    {
        public override Task<Message> Unary(Message request, ServerCallContext context) => Task.FromResult(request);

        public override async Task Stream(Message request, IServerStreamWriter<Message> responseStream, ServerCallContext context)
        {
            for (var i = 0; i < StreamLength; i++) await responseStream.WriteAsync(request);
        }
    }
}
