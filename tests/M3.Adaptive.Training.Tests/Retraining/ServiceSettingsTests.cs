using M3.Adaptive.CommandLine;
using M3.Adaptive.Routing;
using M3.Adaptive.Training.Retraining;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace M3.Adaptive.Training.Tests.Retraining;

public sealed class ServiceSettingsTests
{
    [Fact]
    public void Of_SettingsOfAService_AreHowItRoutes()
    {
        var defaults = ServiceSettings.Of(Settings(("Routing:Policy", "Target"), ("Routing:TargetVisualTokens", "80"), ("Routing:Escalation:MaxEscalations", "2")));

        Assert.Equal((DefaultPolicy.Target, 80, 2), (defaults.Routing.Policy, defaults.Routing.TargetVisualTokens, defaults.Escalation.MaxEscalations));
    }

    [Fact]
    public void Of_NoSettings_AreTheServicesOwnDefaults() =>
        Assert.Equal((DefaultPolicy.Quality, 0.01), (ServiceSettings.Of(Settings()).Routing.Policy, ServiceSettings.Of(Settings()).Routing.Risk));

    [Theory]
    [InlineData("Routing:Policy", "Cheapest", "Routing__")]
    [InlineData("Routing:Risk", "2", "Routing__")]
    [InlineData("Routing:SafeScale", "40", "Routing__")]
    [InlineData("Routing:Escalation:MaxEscalations", "9", "Routing__Escalation__")]
    public void Of_NoValueOfItsSetting_NamesTheVariable(string key, string value, string expected)
    {
        var fault = Assert.Throws<CommandException>(() => ServiceSettings.Of(Settings((key, value))));

        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.Contains(key.Split(':')[^1], fault.Message, StringComparison.Ordinal);
    }

    private static IConfiguration Settings(params (string Key, string Value)[] pairs) =>
        new ConfigurationBuilder().AddInMemoryCollection(pairs.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value))).Build();
}
