using System.Diagnostics.Metrics;
using M3.Adaptive.Core;
using M3.Adaptive.Inference.Engine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Inference;

public static class InferenceRegistration
{
    /// <summary>
    /// Registers <see cref="IGenerator"/>, bound to the settings' section <see cref="InferenceOptions.Section"/>. The first one to ask
    /// for it loads the model; a host that asks at its start fails at its start. Metrics are kept where the host has a meter factory.
    /// </summary>
    public static IServiceCollection AddM3Inference(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<InferenceOptions, InferenceOptionsValidator>().BindConfiguration(InferenceOptions.Section);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(static provider => M3Generator.Open(
            provider.GetRequiredService<IOptions<InferenceOptions>>().Value, provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<M3Generator>>(),
            provider.GetService<IMeterFactory>() is { } meters ? new InferenceMetrics(meters) : null));
        services.AddSingleton<IGenerator>(static provider => provider.GetRequiredService<M3Generator>());
        return services;
    }
}
