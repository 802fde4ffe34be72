using M3.Adaptive.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Store;

public static class StoreServices
{
    /// <summary>Adds the store and what of it others meet at Core's interfaces. The host supplies TimeProvider, logging and the options' section, and opens it.</summary>
    /// <param name="stateFolder">Where SQLite's file lies; asked for once.</param>
    public static IServiceCollection AddAdaptiveStore(this IServiceCollection services, Func<string> stateFolder)
    {
        services.AddOptionsWithValidateOnStart<StoreOptions, StoreOptionsValidator>().BindConfiguration(StoreOptions.Section);
        services.AddSingleton(provider => new AdaptiveStore(
            provider.GetRequiredService<IOptions<StoreOptions>>().Value, stateFolder(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton<IStateStore>(static provider => provider.GetRequiredService<AdaptiveStore>());
        services.AddSingleton<IDecisionLog>(static provider => provider.GetRequiredService<AdaptiveStore>().Decisions);
        services.AddSingleton<IBudgetLedger>(static provider => provider.GetRequiredService<AdaptiveStore>().Budgets);
        services.AddSingleton<IOutcomeLog>(static provider => provider.GetRequiredService<AdaptiveStore>().Outcomes);
        services.AddSingleton<IKeyRing>(static provider => provider.GetRequiredService<AdaptiveStore>().Keys);
        return services;
    }
}
