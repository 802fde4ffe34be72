using M3.Adaptive.CommandLine;
using M3.Adaptive.Routing;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Training.Replay;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Training.Retraining;

/// <summary>How the service routes for which a predictor is retrained, from environment variables as the service itself reads them: <c>Routing__Policy=Target</c>. A service hands its own to the retraining that it begins.</summary>
internal static class ServiceSettings
{
    /// <exception cref="CommandException">A variable holds no value of its setting.</exception>
    public static ServedDefaults FromEnvironment() => Of(new ConfigurationBuilder().AddEnvironmentVariables().Build());

    /// <summary>Bound and checked by what the service registers.</summary>
    public static ServedDefaults Of(IConfiguration settings)
    {
        using var services = new ServiceCollection().AddSingleton(settings).AddScaleRouting().BuildServiceProvider();
        return new() { Routing = Read<RoutingOptions>(services, RoutingOptions.Section), Escalation = Read<EscalationOptions>(services, EscalationOptions.Section) };
    }

    private static T Read<T>(ServiceProvider services, string section)
        where T : class
    {
        try
        {
            return services.GetRequiredService<IOptions<T>>().Value;
        }
        catch (Exception fault) when (fault is InvalidOperationException or OptionsValidationException)
        {
            throw new CommandException($"an environment variable {section.Replace(":", "__", StringComparison.Ordinal)}__... holds no valid value: {fault.Message}", ExitCode.WrongUse, fault);
        }
    }
}
