using System.Net;
using M3.Adaptive.CommandLine;
using M3.Adaptive.Core;
using M3.Adaptive.Service.Auth;
using M3.Adaptive.Service.Grpc;
using M3.Adaptive.Service.Predicting;
using M3.Adaptive.Service.Settings;
using M3.Adaptive.Service.Telemetry;
using M3.Adaptive.Service.Tls;
using M3.Adaptive.Service.Web;
using M3.Adaptive.Service.Web.Pages;
using M3.Adaptive.Store;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Service.Hosting;

/// <summary>Builds the service, says when it is ready, and runs it until it is asked to stop.</summary>
internal static class ServiceHost
{
    /// <param name="settings">Nothing else configures the service.</param>
    /// <param name="stopWithInput">Whether the end of standard input asks the service to stop.</param>
    /// <param name="replace">Adds services that take the place of those that the settings make; null for none.</param>
    /// <param name="open">Whether to open the playground in a browser.</param>
    public static async Task RunAsync(SettingsSources settings, bool stopWithInput, Action<IServiceCollection>? replace = null, bool open = false)
    {
        await using var app = Build(settings.Read(), services =>
        {
            services.AddHostedService(provider => new SettingsWatch(
                settings, provider.GetRequiredService<LiveConfiguration>(), Validate, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<SettingsWatch>>()));
            replace?.Invoke(services);
        });
        await StartAsync(app, stopWithInput, open);
        await app.WaitForShutdownAsync();
    }

    /// <summary>
    /// Finds out whether the service would start, also while another one runs at its address, and leaves state as it is: so the address, and the key that one beyond the
    /// loopback interface needs, are not looked at.
    /// </summary>
    /// <param name="settings">As for <see cref="RunAsync"/>.</param>
    /// <exception cref="CommandException">It would not, or without a predictor; the message says why.</exception>
    public static async Task CheckAsync(SettingsSources settings)
    {
        await using var app = Build(settings.Read());
        CheckSettings(app);
        var (model, predictor) = Load(app, takeIn: false);
        if (predictor.UsableVersion is not { } version)
            throw new CommandException("there is no usable predictor, for the reason that was logged just now: train one with ./m3 predictor train, or mend it");
        Console.Out.WriteLine($"m3: settings, state, model and predictor are in order: {model.Version} with {version}");
    }

    // Whether the service would start with such settings, as far as they alone say.
    private static void Validate(IReadOnlyDictionary<string, string?> settings)
    {
        using var app = (IDisposable)Build(settings);
        try
        {
            ((WebApplication)app).Services.GetService<IStartupValidator>()?.Validate();
        }
        catch (OptionsValidationException fault) when (StartFault.Explain(fault) is { } known)
        {
            throw known;
        }
    }

    // What is quickly found to be wrong.
    private static ServerOptions CheckSettings(WebApplication app)
    {
        app.Services.GetService<IStartupValidator>()?.Validate();
        var server = app.Services.GetRequiredService<IOptions<ServerOptions>>().Value;
        _ = CertificateOf(server, app.Services);
        app.Services.GetRequiredService<AdaptiveStore>().Probe();
        return server;
    }

    private static (ModelIdentity Model, ServedVersion Predictor) Load(WebApplication app, bool takeIn)
    {
        var model = app.Services.GetRequiredService<IGenerator>().Model;
        var roster = app.Services.GetRequiredService<PredictorRoster>();
        roster.Begin(takeIn);
        return (model, roster.Served.Champion);
    }

    private static WebApplication Build(IReadOnlyDictionary<string, string?> settings, Action<IServiceCollection>? more = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();
        var live = new LiveConfiguration(settings);
        builder.Configuration.Sources.Add(live);
        builder.Services.AddSingleton(live);
        builder.Logging.ToStandardError();
        builder.WebHost.UseStaticWebAssets();                              // a build's output has the pages' files where they were built from
        builder.Services.AddAdaptiveService();
        builder.Services.AddTelemetry(builder.Configuration);
        more?.Invoke(builder.Services);
        builder.WebHost.ConfigureKestrel(static kestrel =>
        {
            var server = kestrel.ApplicationServices.GetRequiredService<IOptions<ServerOptions>>().Value;
            var certificate = CertificateOf(server, kestrel.ApplicationServices);
            kestrel.ListenForGrpc(server.EndPoint, server.MaxConnections, certificate);
            if (WebEndPointOf(kestrel.ApplicationServices) is { } web) kestrel.ListenForWeb(web, certificate);
        });

        var app = builder.Build();
        if (builder.Configuration.GetSection(WebOptions.Section).GetValue(nameof(WebOptions.Enabled), defaultValue: true)) app.UseWebEndpoint(static web => web.MapPages());
        app.UseGrpcEndpoint();
        return app;
    }

    private static IPEndPoint? WebEndPointOf(IServiceProvider services) =>
        services.GetRequiredService<IOptions<WebOptions>>().Value.EndPointBeside(services.GetRequiredService<IOptions<ServerOptions>>().Value.EndPoint);

    private static CertificateFiles? CertificateOf(ServerOptions server, IServiceProvider services) => server is { Certificate: { } certificate, CertificateKey: { } key }
        ? new CertificateFiles(certificate, key, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<CertificateFiles>>())
        : null;

    private static async Task StartAsync(WebApplication app, bool stopWithInput, bool open)
    {
        // What is quickly found to be wrong comes first; nothing listens before it can answer.
        var server = CheckSettings(app);
        var endpoint = server.EndPoint;
        var web = WebEndPointOf(app.Services);
        ThrowIfTaken(endpoint, web);
        if (app.Services.GetRequiredService<IOptions<TelemetryOptions>>().Value.PrometheusEndPoint is { } metrics) ListenFault.ThrowIfAny(metrics, "Telemetry:PrometheusListen", "Telemetry:PrometheusPort");
        var store = app.Services.GetRequiredService<AdaptiveStore>();
        if (!IPAddress.IsLoopback(endpoint.Address)) await CheckDoorAsync(store, server, web is null ? [endpoint] : [endpoint, web], app.Logger);
        var (model, predictor) = Load(app, takeIn: true);
        await store.OpenForServiceAsync(CancellationToken.None);
        try
        {
            await app.StartAsync();
        }
        catch (Exception fault) when (ListenFault.Explain(endpoint, fault) is { } known)
        {
            ThrowIfTaken(endpoint, web);
            throw known;
        }

        ServiceLog.Serving(app.Logger, model.Version, predictor.UsableVersion ?? "none");
        app.Lifetime.ApplicationStopping.Register(() => ServiceLog.Draining(app.Logger));
        if (stopWithInput) _ = StopWithInputAsync(app.Lifetime);

        // The lines that scripts wait for. Standard output carries nothing else.
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        Console.Out.WriteLine(ReadyLine.Of(addresses.First()));
        if (web is null) return;
        Console.Out.WriteLine(ReadyLine.OfWeb(addresses.Last()));
        if (open) PageOpener.Open(new Uri(addresses.Last()), app.Logger);
    }

    // The web port first: where the service itself has taken gRPC's by now, the other one is at fault.
    private static void ThrowIfTaken(IPEndPoint endpoint, IPEndPoint? web)
    {
        if (web is not null) ListenFault.ThrowIfAny(web, port: "--web-port");
        ListenFault.ThrowIfAny(endpoint);
    }

    private static async Task CheckDoorAsync(AdaptiveStore store, ServerOptions server, IReadOnlyList<IPEndPoint> endpoints, ILogger logger)
    {
        await store.OpenAsync(CancellationToken.None);
        var isAnyKeyMade = await store.Keys.AnyAsync(CancellationToken.None);
        Door.ThrowIfOpen(server.EndPoint, isAnyKeyMade, server.Insecure);
        foreach (var endpoint in endpoints)
        {
            if (!isAnyKeyMade) ServiceLog.Open(logger, endpoint);
            if (server.Certificate is null) ServiceLog.Unencrypted(logger, endpoint);
        }
    }

    private static async Task StopWithInputAsync(IHostApplicationLifetime lifetime)
    {
        await Console.OpenStandardInput().CopyToAsync(Stream.Null);
        lifetime.StopApplication();
    }
}
