using M3.Adaptive.CommandLine;
using M3.Adaptive.Service.Settings;
using M3.Adaptive.TestKit.Files;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace M3.Adaptive.Service.Tests.Settings;

public sealed class SettingsWatchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeLogCollector _log = new();
    private readonly string _file;
    private readonly LiveConfiguration _live;
    private readonly SettingsWatch _watch;
    private Action<IReadOnlyDictionary<string, string?>> _check = static _ => { };

    public SettingsWatchTests()
    {
        _file = Path.Combine(_folder.Path, "settings.json");
        Write("""{"Routing": {"Risk": 0.02}, "Server": {"Port": 1}}""");
        var sources = new SettingsSources(_file, [new StatedSetting("Routing:SafeScale", "36", "the environment variable Routing__SafeScale", static known => known)]);
        _live = new LiveConfiguration(sources.Read());
        _watch = new SettingsWatch(sources, _live, values => _check(values), new FakeTimeProvider(), new FakeLogger<SettingsWatch>(_log));
    }

    [Fact]
    public void Look_NothingChanged_SaysNothing()
    {
        _check = static _ => throw new InvalidOperationException("nothing is to be checked");

        _watch.Look();

        Assert.Equal(0, _log.Count);
    }

    [Fact]
    public void Look_LiveSettingsChanged_ApplyAndAreNamedWithTheirOldValues()
    {
        Write("""{"Routing": {"Risk": 0.05, "SafeScale": 9}, "Limits": {"RequestsPerSecond": 7}, "Logging": {"LogLevel": {"Default": "debug"}}, "Server": {"Port": 1}}""");

        _watch.Look();
        _watch.Look();

        Assert.Equal(("0.05", "36", "7", "Debug"), (_live["Routing:Risk"], _live["Routing:SafeScale"], _live["Limits:RequestsPerSecond"], _live["Logging:LogLevel:Default"]));
        var told = Assert.Single(_log.GetSnapshot());
        Assert.Equal(
            (LogLevel.Information, "Settings changed: Limits:RequestsPerSecond 7 (before: unset), Logging:LogLevel:Default Debug (before: Information), Routing:Risk 0.05 (before: 0.02)"),
            (told.Level, told.Message));
    }

    [Fact]
    public void Look_LiveSettingTakenAway_HasItsDefaultAgain()
    {
        Write("""{"Server": {"Port": 1}}""");

        _watch.Look();

        Assert.Null(_live["Routing:Risk"]);
        Assert.EndsWith("Routing:Risk 0.01 (before: 0.02)", Assert.Single(_log.GetSnapshot()).Message);
    }

    [Fact]
    public void Look_OtherSettingsChanged_WaitForARestartAndAreNamedOnce()
    {
        Write("""{"Routing": {"Risk": 0.02, "ExplorationSeed": 4}, "Server": {"Port": 2}, "Store": {"PostgreSql": "Password=secret"}}""");

        _watch.Look();
        _watch.Look();

        Assert.Equal("1", _live["Server:Port"]);
        var told = Assert.Single(_log.GetSnapshot());
        Assert.Equal((LogLevel.Warning, "Settings changed that count from the next start on: Routing:ExplorationSeed, Server:Port, Store:PostgreSql"), (told.Level, told.Message));
    }

    [Theory]
    [InlineData("""{"Routing": {"Risk": 0.05, "MaxNewTokens": 0}}""", "Routing:MaxNewTokens in ")]
    [InlineData("""{"Routing": {"Risk": 0.05, "Rsik": 0}}""", "the nearest one is Routing:Risk")]
    [InlineData("""{"Routing": {"Risk": """, "is no JSON")]
    [InlineData(null, "there is no settings file")]
    public void Look_AnythingWrong_KeepsEverythingAndSaysWhyOnce(string? content, string expected)
    {
        if (content is null) File.Delete(_file);
        else Write(content);

        _watch.Look();
        _watch.Look();

        Assert.Equal("0.02", _live["Routing:Risk"]);
        var told = Assert.Single(_log.GetSnapshot());
        Assert.Equal(LogLevel.Error, told.Level);
        Assert.StartsWith("All settings stay as they are: ", told.Message);
        Assert.Contains(expected, told.Message);
    }

    [Fact]
    public void Look_SettingsThatDoNotGoTogether_AreKeptUntilTheyDo()
    {
        _check = static _ => throw new CommandException("they do not go together");
        Write("""{"Routing": {"Risk": 0.05}, "Server": {"Port": 1}}""");
        _watch.Look();
        Assert.Equal("0.02", _live["Routing:Risk"]);

        _check = static _ => { };
        _watch.Look();

        Assert.Equal("0.05", _live["Routing:Risk"]);
        Assert.Equal(["All settings stay as they are: they do not go together", "Settings changed: Routing:Risk 0.05 (before: 0.02)"], _log.GetSnapshot().Select(entry => entry.Message));
    }

    public void Dispose() => _folder.Dispose();

    private void Write(string json) => File.WriteAllText(_file, json);
}
