using System.Collections.Concurrent;
using M3.Adaptive.TestKit.Time;
using Microsoft.Playwright;

namespace M3.Adaptive.Browser.Tests.Browsing;

/// <summary>How a page is looked at.</summary>
internal sealed record ViewOptions(int Width = 1280, int Height = 900, ColorScheme Scheme = ColorScheme.Light);

/// <summary>A page in a profile of its own. What it says of errors on its console, or loads from elsewhere, fails the test at the end.</summary>
internal sealed class Visit : IAsyncDisposable
{
    private readonly IBrowserContext _profile;
    private readonly ConcurrentQueue<string> _faults;
    private string? _tolerated;

    private Visit(IBrowserContext profile, IPage page, ConcurrentQueue<string> faults) => (_profile, Page, _faults) = (profile, page, faults);

    public IPage Page { get; }

    public ILocator this[string selector] => Page.Locator(selector);

    public static async Task<Visit> OpenAsync(SystemBrowser browser, Uri site, string path, ViewOptions view)
    {
        var profile = await browser.Browser.NewContextAsync(new() { BaseURL = site.AbsoluteUri, ViewportSize = new() { Width = view.Width, Height = view.Height }, ColorScheme = view.Scheme });
        var patience = (float)BoundedWaits.Limit.TotalMilliseconds;
        profile.SetDefaultTimeout(patience);
        Assertions.SetDefaultExpectTimeout(patience);
        var page = await profile.NewPageAsync();
        var faults = new ConcurrentQueue<string>();
        page.Console += (_, said) =>
        {
            if (said.Type is "error" or "warning") faults.Enqueue($"{said.Type}: {said.Text}");
        };
        page.PageError += (_, error) => faults.Enqueue(error);
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(site.AbsoluteUri, StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal)) faults.Enqueue($"loaded {request.Url}");
        };
        await page.GotoAsync(path);
        await page.Locator("h1").WaitForAsync();
        return new Visit(profile, page, faults);
    }

    /// <summary>Shows a key where the page asks for one.</summary>
    public async Task ShowKeyAsync(string key)
    {
        await this["#key"].FillAsync(key);
        await Page.Keyboard.PressAsync("Enter");
        await this[".visitor"].WaitForAsync();
    }

    /// <summary>Expects the browser to complain, in words that these are among.</summary>
    public void Tolerate(string words) => _tolerated = words;

    public async ValueTask DisposeAsync()
    {
        await _profile.DisposeAsync();
        Assert.DoesNotContain(_faults, fault => _tolerated is null || !fault.Contains(_tolerated, StringComparison.Ordinal));
    }
}
