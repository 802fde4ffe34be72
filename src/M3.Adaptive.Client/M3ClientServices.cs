using M3.Adaptive.Client.Chat;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Client;

/// <summary>Registers the client.</summary>
public static class M3ClientServices
{
    /// <summary>Adds <see cref="M3Client"/>, and over it <see cref="M3ChatClient"/>, also as the <see cref="IChatClient"/> where there is none yet. What is wrong with the options is told on first use.</summary>
    /// <param name="configure">Adds one address at least.</param>
    public static IServiceCollection AddM3Client(this IServiceCollection services, Action<M3ClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<M3ClientOptions>().Configure(configure);
        services.AddSingleton(static provider => new M3Client(provider.GetRequiredService<IOptions<M3ClientOptions>>().Value, provider.GetService<TimeProvider>()));
        services.AddSingleton(static provider => new M3ChatClient(provider.GetRequiredService<M3Client>()));
        if (services.All(static service => service.ServiceType != typeof(IChatClient)))
            services.AddSingleton<IChatClient>(static provider => provider.GetRequiredService<M3ChatClient>());
        return services;
    }
}
