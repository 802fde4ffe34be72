using System.Net;
using M3.Adaptive.Service.Health;
using M3.Adaptive.Service.Refusals;
using M3.Adaptive.Service.Tls;
using M3.Adaptive.Service.Web.OpenAi;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace M3.Adaptive.Service.Web;

/// <summary>Everything that answers on the web port. Keys, limits and the memory of requests are gRPC's own: the port only speaks otherwise.</summary>
internal static class WebEndpoint
{
    public static void AddWebEndpoint(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<WebOptions, WebOptionsValidator>().BindConfiguration(WebOptions.Section);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<MatcherPolicy, PortPolicy>());
        services.AddSingleton<WebFaults>();
        services.AddOpenAi();
    }

    /// <param name="endpoint">Where to listen.</param>
    /// <param name="certificate">What connections are encrypted with; null leaves them plain.</param>
    public static void ListenForWeb(this KestrelServerOptions kestrel, IPEndPoint endpoint, CertificateFiles? certificate = null) =>
        kestrel.Listen(endpoint, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            if (certificate is not null) listen.UseCertificate(certificate);
            listen.Use(static next => connection =>
            {
                connection.Features.Set(WebConnection.Instance);
                connection.Features.Set<IRefusalForm>(WebConnection.Instance);
                return next(connection);
            });
        });

    /// <summary>Comes before gRPC's own, whose middleware serves both ports.</summary>
    /// <param name="pages">Maps what is for people; null leaves it out.</param>
    public static void UseWebEndpoint(this WebApplication app, Action<RouteGroupBuilder>? pages = null)
    {
        app.UseWhen(static context => context.Features.Get<WebConnection>() is not null, static web => web.UseMiddleware<WebRequests>());
        var web = app.MapGroup("").WithMetadata(WebOnly.Instance);
        Map(web);
        pages?.Invoke(web);
    }

    // Whoever adds pages or methods maps them here. They need a key like all others, unless they say that they are open to all.
    private static void Map(RouteGroupBuilder web)
    {
        web.MapHealthChecks("/healthz").WithMetadata(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]), ToTheEnd.Instance).AllowAnonymous();
        web.MapOpenAi();
    }
}
