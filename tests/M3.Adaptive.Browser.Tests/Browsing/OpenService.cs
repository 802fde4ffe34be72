using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.TestKit;

namespace M3.Adaptive.Browser.Tests.Browsing;

/// <summary>A service with the shipped model on which no key is made, and a browser, shared by the tests of its pages.</summary>
public sealed class OpenService : IAsyncLifetime
{
    private ServiceProcess? _process;
    private SystemBrowser? _browser;

    internal ServiceProcess Process => _process ?? throw new InvalidOperationException("Not started yet.");

    internal Uri Web => Process.WebAddress ?? throw new InvalidOperationException("It has no web port.");

    public static string Sample(string name) => Path.Combine(RepositoryRoot.Path, "models", "m3-nano", "samples", name);

    /// <summary>Opens a page in a profile of its own.</summary>
    internal async Task<Visit> OpenAsync(string path = "/", ViewOptions? view = null) =>
        await Visit.OpenAsync(_browser ?? throw new InvalidOperationException("Not started yet."), Web, path, view ?? new());

    public async Task InitializeAsync()
    {
        var browser = SystemBrowser.StartAsync();
        _process = await ServiceProcess.StartAsync(Path.Combine(RepositoryRoot.Path, "models", "m3-nano"));
        _browser = await browser;
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        if (_process is null) return;
        await _process.DisposeAsync();
        Assert.Empty(_process.Errors);
    }
}

[CollectionDefinition(Name)]
public sealed class OpenServiceTests : ICollectionFixture<OpenService>
{
    public const string Name = "open service";
}
