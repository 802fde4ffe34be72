using System.ComponentModel.DataAnnotations;
using M3.Adaptive.CommandLine;
using M3.Adaptive.Routing;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Training.Replay;
using Microsoft.Extensions.Configuration;

namespace M3.Adaptive.Training.Retraining;

/// <summary>How the service routes for which a predictor is retrained, from environment variables as the service itself reads them: <c>Routing__Policy=Target</c>. A service hands its own to the retraining that it begins.</summary>
internal static class ServiceSettings
{
    /// <exception cref="CommandException">A variable holds no value of its setting.</exception>
    public static ServedDefaults FromEnvironment() => Of(new ConfigurationBuilder().AddEnvironmentVariables().Build());

    public static ServedDefaults Of(IConfiguration settings) =>
        new() { Routing = Bound<RoutingOptions>(settings, RoutingOptions.Section), Escalation = Bound<EscalationOptions>(settings, EscalationOptions.Section) };

    private static T Bound<T>(IConfiguration settings, string section)
        where T : new()
    {
        var options = new T();
        try
        {
            settings.GetSection(section).Bind(options);
            Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        }
        catch (Exception fault) when (fault is InvalidOperationException or ValidationException)
        {
            throw new CommandException($"an environment variable {section.Replace(":", "__", StringComparison.Ordinal)}__... holds no valid value: {fault.Message}", ExitCode.WrongUse, fault);
        }

        return options;
    }
}
