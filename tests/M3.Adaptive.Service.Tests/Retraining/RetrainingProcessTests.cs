using M3.Adaptive.Service.Retraining;
using Microsoft.Extensions.Configuration;

namespace M3.Adaptive.Service.Tests.Retraining;

public sealed class RetrainingProcessTests
{
    private static readonly string Program = typeof(RetrainingProcessTests).Assembly.Location;      // any file that exists

    [Fact]
    public void Beginning_SettingsOfTheService_AreTheRetrainings()
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Routing:Policy"] = "Target",
            ["Routing:Escalation:MaxEscalations"] = "2",
            ["Store:PostgreSql"] = "Host=db",
            ["Tls:Certificate"] = "not its business",
        }).Build();

        var start = RetrainingProcess.Beginning(new RetrainingOptions { Program = Program, Threads = 3 }, "MODEL", "because", settings);

        Assert.Equal(("Target", "2", "Host=db", "3"), (start.Environment["Routing__Policy"], start.Environment["Routing__Escalation__MaxEscalations"], start.Environment["Store__PostgreSql"], start.Environment["DOTNET_PROCESSOR_COUNT"]));
        Assert.DoesNotContain(start.Environment.Keys, key => key.StartsWith("Tls", StringComparison.Ordinal));
        Assert.Equal(["predictor", "retrain", "--model", "MODEL", "--why", "because", "--stop-with-input"], start.ArgumentList.SkipWhile(argument => argument != "predictor"));
    }

    [Fact]
    public void Beginning_NoTrainingProgram_NamesWhereItWouldBe()
    {
        var fault = Assert.Throws<FileNotFoundException>(() =>
            RetrainingProcess.Beginning(new RetrainingOptions { Program = "/nowhere/training.dll" }, "MODEL", "because", new ConfigurationBuilder().Build()));

        Assert.Contains("/nowhere/training.dll does not exist", fault.Message, StringComparison.Ordinal);
    }
}
