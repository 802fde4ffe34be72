using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace InteropHost;

/// <summary>The server: TestService, health and reflection over plaintext HTTP/2 on loopback.</summary>
internal static class InteropServer
{
    public static WebApplication Build(int port, Action<ILoggingBuilder>? logging = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        logging?.Invoke(builder.Logging);
        builder.Services.AddGrpc();
        builder.Services.AddGrpcReflection();
        builder.Services.AddGrpcHealthChecks(options => options.Services.Map("grpc.testing.TestService", _ => true));

        var app = builder.Build();
        app.Use((http, next) =>
        {
            var flags = new FrameFlags();
            http.Features.Set(flags);
            http.Features.Set<IRequestBodyPipeFeature>(new FrameFlagTap(http.Request.BodyReader, flags));
            return next(http);
        });
        app.MapGrpcService<TestServiceImpl>();
        app.MapGrpcReflectionService();
        app.MapGrpcHealthChecksService();
        return app;
    }
}
