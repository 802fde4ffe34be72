using System.Reflection;
using Microsoft.Playwright;

namespace M3.Adaptive.Browser.Tests.Browsing;

/// <summary>Debian's chromium, without a window.</summary>
internal sealed class SystemBrowser : IAsyncDisposable
{
    private const string Program = "/usr/bin/chromium";

    private readonly IPlaywright _driver;

    private SystemBrowser(IPlaywright driver, IBrowser browser) => (_driver, Browser) = (driver, browser);

    public IBrowser Browser { get; }

    public static async Task<SystemBrowser> StartAsync()
    {
        var package = typeof(SystemBrowser).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static one => one.Key == "Playwright").Value;
        Environment.SetEnvironmentVariable("PLAYWRIGHT_DRIVER_SEARCH_PATH", package);
        var driver = await Playwright.CreateAsync();
        // Its sandbox does not start for root; only pages of ours are opened.
        var browser = await driver.Chromium.LaunchAsync(new() { ExecutablePath = Program, ChromiumSandbox = false, Args = ["--disable-gpu"] });
        return new SystemBrowser(driver, browser);
    }

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        _driver.Dispose();
    }
}
