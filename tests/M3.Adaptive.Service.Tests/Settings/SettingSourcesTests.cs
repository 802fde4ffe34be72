using System.Collections;
using M3.Adaptive.CommandLine;
using M3.Adaptive.Service.Settings;
using M3.Adaptive.TestKit.Files;

namespace M3.Adaptive.Service.Tests.Settings;

public sealed class SettingSourcesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Environment_OfAMachine_GivesTheSettingsAlone()
    {
        var variables = new Hashtable
        {
            ["PATH"] = "/bin",
            ["BASH_FUNC_x__"] = "1",
            ["npm__config"] = "2",
            ["Server__Port"] = "1",
            ["INFERENCE__THREADS"] = "2",
            ["Routing__Escalation__Enabled"] = "false",
            ["Sever__Port"] = "3",
            ["Server__Unheard"] = "4",
            ["Logging__LogLevel__Default"] = "Debug",
        };

        var read = EnvironmentSettings.Read(variables);

        Assert.Equal(
            ["INFERENCE:THREADS", "Logging:LogLevel:Default", "Routing:Escalation:Enabled", "Server:Port", "Server:Unheard", "Sever:Port"],
            read.Select(setting => setting.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Environment_UnknownName_IsAnsweredInItsOwnSpelling()
    {
        var read = EnvironmentSettings.Read(new Hashtable { ["Server__DrainTme"] = "30s" });

        var fault = Assert.Throws<CommandException>(() => SettingsReader.Read(read)).Message;
        Assert.Equal("wrong settings: the environment variable Server__DrainTme is no setting, the nearest one is Server__DrainTime", fault);
    }

    [Fact]
    public void File_Sections_AreNamesWithColons()
    {
        var path = Write("\uFEFF" + """
            {
              // a comment, and a comma at the end
              "Server": {"Port": 1, "DrainTime": "30s"},
              "Routing:Escalation": {"Enabled": true},
            }
            """);

        Assert.Equal(
            [("Server:Port", "1"), ("Server:DrainTime", "30s"), ("Routing:Escalation:Enabled", "True")],
            SettingsFile.Read(path).Select(setting => (setting.Key, setting.Text)));
    }

    [Theory]
    [InlineData("{\"Server\": {\n\"Port\": }", "line 2, is no JSON")]
    [InlineData("", "line 1, is no JSON")]
    [InlineData("[]", "expected an object")]
    [InlineData("{\"Server\": {\"Port\": null}}", "Server:Port is null")]
    [InlineData("{\"Server\": {\"Port\": [1]}}", "Server:Port is a list")]
    [InlineData("{\"Server\": {\"Port\": 1}, \"server\": {\"port\": 2}}", "Server:Port is set more than once")]
    public void File_Wrong_IsOneLineWithItsName(string text, string expected)
    {
        var path = Write(text);

        var fault = Assert.Throws<CommandException>(() => SettingsFile.Read(path)).Message;

        Assert.Contains(path, fault, StringComparison.Ordinal);
        Assert.Contains(expected, fault, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault);
    }

    [Fact]
    public void File_Endless_IsRefused() => Assert.Contains("1 MiB", Assert.Throws<CommandException>(() => SettingsFile.Read("/dev/zero")).Message, StringComparison.Ordinal);

    [Fact]
    public void File_AFolder_SaysSo() => Assert.Contains("is a folder", Assert.Throws<CommandException>(() => SettingsFile.Read(_folder.Path)).Message, StringComparison.Ordinal);

    private string Write(string text)
    {
        var path = _folder.Combine("settings.json");
        File.WriteAllText(path, text);
        return path;
    }
}
