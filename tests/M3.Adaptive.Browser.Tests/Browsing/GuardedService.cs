using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.TestKit.Serving.Checkpoints;

namespace M3.Adaptive.Browser.Tests.Browsing;

/// <summary>A service with the tiny model that asks for keys: an admin's, and clients' of two tenants. Its answers are gibberish, and 64 tokens long.</summary>
public sealed class GuardedService : IAsyncLifetime
{
    private readonly TinyCheckpoint _checkpoint = TinyCheckpoint.Create();
    private ServiceProcess? _process;
    private SystemBrowser? _browser;

    internal ServiceProcess Process => _process ?? throw new InvalidOperationException("Not started yet.");

    public string Admin { get; private set; } = "";

    public string Acme { get; private set; } = "";

    public string Zeta { get; private set; } = "";

    internal async Task<Visit> OpenAsync(string path = "/") => await Visit.OpenAsync(
        _browser ?? throw new InvalidOperationException("Not started yet."), Process.WebAddress ?? throw new InvalidOperationException("It has no web port."), path, new());

    /// <summary>Opens a page and shows a key.</summary>
    internal async Task<Visit> OpenAsync(string path, string key)
    {
        var visit = await OpenAsync(path);
        await visit.ShowKeyAsync(key);
        return visit;
    }

    public async Task InitializeAsync()
    {
        var browser = SystemBrowser.StartAsync();
        _process = await ServiceProcess.StartAsync(_checkpoint.Folder);
        Admin = await MakeKeyAsync("operators", "admin");
        Acme = await MakeKeyAsync("acme", "client");
        Zeta = await MakeKeyAsync("zeta", "client");
        _browser = await browser;
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        if (_process is not null)
        {
            await _process.DisposeAsync();
            Assert.Empty(_process.Errors);
        }

        _checkpoint.Dispose();
    }

    private async Task<string> MakeKeyAsync(string tenant, string role) =>
        (await Process.AdministerAsync("key", "create", "--tenant", tenant, "--role", role)).Output.Trim();
}

[CollectionDefinition(Name)]
public sealed class GuardedServiceTests : ICollectionFixture<GuardedService>
{
    public const string Name = "guarded service";
}
