using Grpc.AspNetCore.Server;
using M3.Adaptive.CommandLine;
using M3.Adaptive.Core;
using M3.Adaptive.Inference;
using M3.Adaptive.Predictor.Registry;
using M3.Adaptive.Routing;
using M3.Adaptive.Service.Admission;
using M3.Adaptive.Service.Auditing;
using M3.Adaptive.Service.Drift;
using M3.Adaptive.Service.Grpc;
using M3.Adaptive.Service.Predicting;
using M3.Adaptive.Service.Predicting.Canary;
using M3.Adaptive.Service.Retraining;
using M3.Adaptive.Service.Web;
using M3.Adaptive.Service.Web.Pages;
using M3.Adaptive.Store;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Service.Hosting;

/// <summary>Registers the service: model, routing, predictor, store and both ports, each with its settings.</summary>
internal static class ServiceRegistration
{
    public static IServiceCollection AddAdaptiveService(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<ServerOptions, ServerOptionsValidator>().BindConfiguration(ServerOptions.Section);
        services.AddSingleton<IValidateOptions<ServerOptions>, ServerRulesValidator>();
        services.AddOptions<HostOptions>().Configure<IOptions<ServerOptions>>(static (host, server) => host.ShutdownTimeout = server.Value.DrainTime);

        services.AddM3Inference();
        services.PostConfigure<InferenceOptions>(static model =>
        {
            if (model.ModelDirectory.Length == 0) model.ModelDirectory = ShippedModel.Folder;
        });
        services.AddScaleRouting();
        services.AddAuditing();
        services.AddRetraining();
        services.AddPredictor();
        services.AddAdaptiveStore(static () => StateFolder.Path);
        services.AddDriftWatch();
        services.AddSingleton(static provider => new RequestMemory(provider.GetRequiredService<IOptions<ServerOptions>>().Value.MaxInFlightBytes));
        services.AddSingleton(static provider => new WebLimits(provider.GetRequiredService<IOptions<ServerOptions>>().Value.MaxRequestBytes));
        services.AddHostedService<IdleMemory>();
        services.AddGrpcEndpoint();
        services.AddWebEndpoint();
        services.AddPages();
        services.AddSingleton<IValidateOptions<WebOptions>, WebRulesValidator>();
        services.AddOptions<GrpcServiceOptions>()
            .Configure<IOptions<ServerOptions>>(static (grpc, server) => grpc.MaxReceiveMessageSize = server.Value.MaxRequestBytes);
        return services;
    }

    private static void AddPredictor(this IServiceCollection services)
    {
        services.AddOptions<PredictorOptions>().BindConfiguration(PredictorOptions.Section);
        services.AddSingleton(static provider =>
        {
            var named = provider.GetRequiredService<IOptions<PredictorOptions>>().Value.Directory;
            var (model, clock) = (provider.GetRequiredService<IGenerator>().Model, provider.GetRequiredService<TimeProvider>());
            return new PredictorRoster(
                named is null ? PredictorRegistry.Open(StateFolder.Path, model, clock) : null,
                named ?? Path.Combine(provider.GetRequiredService<IOptions<InferenceOptions>>().Value.ModelDirectory, "predictor"),
                model.Hash, provider.GetRequiredService<IOptions<RoutingOptions>>().Value, clock, provider.GetRequiredService<ILogger<PredictorRoster>>())
            {
                IsAtHome = () => provider.GetRequiredService<DriftWatch>().Alarms is [],
            };
        });
        services.AddSingleton<IPredictorRoster>(static provider => provider.GetRequiredService<PredictorRoster>());
        services.AddSingleton<PredictorMetrics>();
        services.AddHostedService<RegistryWatch>();
        services.AddOptionsWithValidateOnStart<CanaryOptions, CanaryOptionsValidator>().BindConfiguration(CanaryOptions.Section);
        services.AddHostedService<CanaryWatch>();
    }

    /// <summary>Logs each event as one line on standard error, as standard output carries the ready line only.</summary>
    public static void ToStandardError(this ILoggingBuilder logging)
    {
        logging.Services.TryAddSingleton(TimeProvider.System);
        logging.AddConsole(static console => console.FormatterName = OneLineFormatter.FormatterName);
        logging.AddConsoleFormatter<OneLineFormatter, ConsoleFormatterOptions>();
        logging.Services.Configure<ConsoleLoggerOptions>(static console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
