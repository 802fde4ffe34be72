using M3.Adaptive.CommandLine;
using M3.Adaptive.Service.Settings;

namespace M3.Adaptive.Service.Tests.Settings;

public sealed class SettingsReaderTests
{
    [Theory]
    [InlineData("Server:MaxRequestBytes", "16MiB", "16777216")]
    [InlineData("Server:MaxRequestBytes", "2048", "2048")]
    [InlineData("Server:DrainTime", "1.5min", "00:01:30")]
    [InlineData("Server:DrainTime", "00:00:30", "00:00:30")]
    [InlineData("Routing:Risk", "0.05", "0.05")]
    [InlineData("Routing:Policy", "economy", "Economy")]
    [InlineData("Routing:Escalation:Enabled", "False", "False")]
    [InlineData("Logging:LogLevel:M3.Adaptive", "debug", "Debug")]
    [InlineData("server:port", "0", "0")]
    public void Read_GoodValue_IsAsConfigurationBindsIt(string key, string text, string expected) =>
        Assert.Equal(expected, SettingsReader.Read(At("a file", key, text))[key]);

    [Theory]
    [InlineData("Server:DrainTime", "abc", "expected a duration such as 30s, 250ms or 1.5h, from 0s to 1h")]
    [InlineData("Server:DrainTime", "2h", "from 0s to 1h")]
    [InlineData("Server:MaxRequestBytes", "16M", "expected a size such as 16MiB, from 1KiB to 1GiB")]
    [InlineData("Server:MaxRequestBytes", "5GiB", "from 1KiB to 1GiB")]
    [InlineData("Server:Port", "70000", "expected a whole number from 0 to 65535")]
    [InlineData("Server:Port", "5,005", "expected a whole number from 0 to 65535")]
    [InlineData("Server:Port", "", "expected a whole number from 0 to 65535")]
    [InlineData("Routing:Risk", "0,05", "expected a number such as 0.05, from 0 to 1")]
    [InlineData("Routing:Policy", "cheap", "expected Quality, Economy or Target")]
    [InlineData("Routing:Policy", "1", "expected Quality, Economy or Target")]
    [InlineData("Routing:Escalation:Enabled", "yes", "expected true or false")]
    [InlineData("Predictor:Directory", " ", "expected a text")]
    [InlineData("Logging:LogLevel:Default", "loud", "expected one of Trace, Debug")]
    [InlineData("Inference:VisionCacheBytes", "-1", "expected a size such as 16MiB, from 0B")]
    public void Read_WrongValue_NamesPlaceValueAndWhatIsExpected(string key, string text, string expected)
    {
        var fault = FaultOf(At("that place", key, text));

        Assert.Contains($"that place is '{text}', ", fault, StringComparison.Ordinal);
        Assert.Contains(expected, fault, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault);
    }

    [Theory]
    [InlineData("Server:DrainTme", "Server:DrainTime")]
    [InlineData("Sever:Port", "Server:Port")]
    [InlineData("MaxWaiting", "Inference:MaxWaiting")]
    [InlineData("Server:Threads", "Inference:Threads")]
    [InlineData("Routing:MaxEscalations", "Routing:Escalation:MaxEscalations")]
    public void Read_UnknownKey_NamesTheNearest(string key, string nearest) =>
        Assert.EndsWith($"is no setting, the nearest one is {nearest}", FaultOf(At("it", key, "1")), StringComparison.Ordinal);

    [Theory]
    [InlineData("Routing:Escalation:ConfidenceThreshold")]
    [InlineData("Routing:Escalation:MinGain")]
    public void Read_SettingThatWentAway_SaysWhatReplacesIt(string key)
    {
        var fault = FaultOf(At("it", key, "0.5"));

        Assert.Contains("it is gone: what a finer scale is worth decides; set Routing:Risk", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SeveralFaults_TellsThemAll()
    {
        var fault = FaultOf(At("one", "Server:Port", "x"), At("two", "Server:DrainTime", "y"));

        Assert.Contains("one is 'x'", fault, StringComparison.Ordinal);
        Assert.Contains("two is 'y'", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SameKeyTwice_TheLaterSourceWins() =>
        Assert.Equal("2", SettingsReader.Read(At("file", "Server:Port", "1"), At("environment", "SERVER:PORT", "2"))["Server:Port"]);

    [Fact]
    public void All_EverySetting_TakesItsOwnDefault() => Assert.All(
        KnownSettings.All.Where(setting => setting.ShownDefault is not null), setting => Assert.NotNull(setting.Normalize(setting.ShownDefault ?? "")));

    private static StatedSetting At(string place, string key, string text) => new(key, text, place, known => known);

    private static string FaultOf(params StatedSetting[] stated)
    {
        var exception = Assert.Throws<CommandException>(() => SettingsReader.Read(stated));
        Assert.Equal(ExitCode.WrongUse, exception.Code);
        return exception.Message;
    }
}
