using M3.Adaptive.Core;
using M3.Adaptive.Predictor;
using M3.Adaptive.Predictor.Drift;
using M3.Adaptive.Routing.Requests;
using M3.Adaptive.Store;
using MediatR;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Service.Drift;

internal static class DriftServices
{
    /// <summary>Adds the watch for drift. Comes after the use cases and the store, whose decisions it listens to.</summary>
    public static void AddDriftWatch(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<DriftOptions, DriftOptionsValidator>().BindConfiguration(DriftOptions.Section);
        services.AddSingleton(static provider => new DriftWatch(
            () => (provider.GetRequiredService<IPredictorRoster>().Champion as TrainedPredictor)?.Home, provider.GetRequiredService<IOptions<DriftOptions>>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IPipelineBehavior<GenerateQuery, GenerateReply>, DriftObserving>();
        services.AddSingleton<IDecisionLog>(static provider => new WatchedDecisions(provider.GetRequiredService<AdaptiveStore>().Decisions, provider.GetRequiredService<DriftWatch>()));
        services.AddHostedService<DriftAlarms>();
    }
}

[OptionsValidator]
internal sealed partial class DriftOptionsValidator : IValidateOptions<DriftOptions>;
