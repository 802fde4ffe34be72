using M3.Adaptive.CommandLine;
using M3.Adaptive.Core;
using M3.Adaptive.Service.Grpc;
using M3.Adaptive.Service.Predicting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Service.Hosting;

/// <summary>Builds the service, says when it is ready, and runs it until it is asked to stop.</summary>
internal static class ServiceHost
{
    /// <param name="stated">Settings that win over file and environment, by their full names.</param>
    /// <param name="settingsFile">JSON file of further settings, or null.</param>
    /// <param name="stopWithInput">Whether the end of standard input asks the service to stop.</param>
    public static async Task RunAsync(IReadOnlyDictionary<string, string?> stated, string? settingsFile, bool stopWithInput)
    {
        await using var app = Build(stated, settingsFile);
        await StartAsync(app, stopWithInput);
        await app.WaitForShutdownAsync();
    }

    private static WebApplication Build(IReadOnlyDictionary<string, string?> stated, string? settingsFile)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        if (settingsFile is not null) AddSettings(builder.Configuration, settingsFile);
        builder.Configuration.AddInMemoryCollection(stated);
        builder.Logging.ToStandardError();
        builder.Services.AddAdaptiveService();
        builder.WebHost.ConfigureKestrel(static kestrel =>
        {
            var server = kestrel.ApplicationServices.GetRequiredService<IOptions<ServerOptions>>().Value;
            kestrel.ListenForGrpc(server.Address, server.Port);
        });

        var app = builder.Build();
        app.UseGrpcEndpoint();
        return app;
    }

    private static void AddSettings(ConfigurationManager configuration, string file)
    {
        if (!File.Exists(file)) throw new CommandException($"there is no settings file {file}");
        configuration.AddJsonFile(Path.GetFullPath(file), optional: false, reloadOnChange: false);
    }

    private static async Task StartAsync(WebApplication app, bool stopWithInput)
    {
        var model = app.Services.GetRequiredService<IGenerator>().Model;            // loads it: nothing listens before it can answer
        var predictor = app.Services.GetRequiredService<LoadedPredictor>();
        app.Services.GetRequiredService<IDecisionLog>();                            // fails now if it cannot be written
        await app.StartAsync();

        ServiceLog.Serving(app.Logger, model.Version, predictor.UsableVersion ?? "none");
        app.Lifetime.ApplicationStopping.Register(() => ServiceLog.Draining(app.Logger));
        if (stopWithInput) _ = StopWithInputAsync(app.Lifetime);

        // The line that scripts wait for. Standard output carries nothing else.
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        Console.Out.WriteLine(ReadyLine.Of(addresses.First()));
    }

    private static async Task StopWithInputAsync(IHostApplicationLifetime lifetime)
    {
        await Console.OpenStandardInput().CopyToAsync(Stream.Null);
        lifetime.StopApplication();
    }
}
