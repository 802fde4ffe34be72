using Google.Protobuf;
using M3.Adaptive.Browser.Tests.Browsing;
using M3.Adaptive.Contracts.V1;
using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.TestKit.Serving.Checkpoints;
using M3.Adaptive.TestKit.Time;
using static Microsoft.Playwright.Assertions;

namespace M3.Adaptive.Browser.Tests.Pages;

/// <summary>What becomes of open pages when their service ends, and of a service that is to end when pages are open.</summary>
public sealed class StopTests : IDisposable
{
    private const string Question = "which bar is the highest";

    // Well under the minute of Server:DrainTime, and enough for a busy machine.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly TinyCheckpoint _checkpoint = TinyCheckpoint.Create();

    public void Dispose() => _checkpoint.Dispose();

    [Fact]
    public async Task Sigterm_WithBothPagesOpen_WaitsForNeither()
    {
        await using var service = await ServiceProcess.StartAsync(_checkpoint.Folder);
        await using var browser = await SystemBrowser.StartAsync();
        await using var playground = await OpenAsync(browser, service, "/");
        await using var dashboard = await OpenAsync(browser, service, "/dashboard");
        await Expect(dashboard["#answers"]).ToHaveTextAsync("0");
        await service.Client.StatusAsync(new StatusRequest());

        service.Terminate();

        Assert.Equal(0, await service.ExitAsync().WaitAsync(Soon));
        Assert.Empty(service.Errors);
    }

    [Fact]
    public async Task Sigterm_WhileAPageWaitsForItsAnswer_ShowsItWholeFirst()
    {
        const int Longest = 600, Before = 6;
        var settings = Path.Combine(_checkpoint.Folder, "settings.json");
        await File.WriteAllTextAsync(settings, $$"""{"Routing": {"MaxNewTokens": {{Longest}} }, "Inference": {"MaxRunning": 1} }""");
        await using var service = await ServiceProcess.StartAsync(_checkpoint.Folder, "--settings", settings);
        await using var browser = await SystemBrowser.StartAsync();
        await using var visit = await OpenAsync(browser, service, "/");
        var whole = await AskAsync(service, Question);
        await visit["#picture"].SetInputFilesAsync(OpenService.Sample("bars.png"));
        await Expect(visit[".file"]).ToHaveTextAsync("bars.png");
        await visit["#question"].FillAsync(Question);
        var others = Enumerable.Range(0, Before).Select(i => AskAsync(service, $"who is number {i}")).ToArray();

        await visit["#ask"].ClickAsync();
        await Expect(visit["#stop"]).ToBeVisibleAsync();
        service.Terminate();

        await service.LoggedAsync("1 answers that pages wait for finish first");
        Assert.Equal(0, await service.ExitAsync());
        await Expect(visit["#answer"]).ToHaveTextAsync(whole.Text);
        await Expect(visit["#charged"]).ToHaveTextAsync($"{whole.Charged.VisualTokens}");
        Assert.All(await Task.WhenAll(others), other => Assert.Equal(Longest, other.NewTokens));
        Assert.Empty(service.Errors);
    }

    [Fact]
    public async Task Pages_ThatOutliveTheirService_ComeBackWithIt()
    {
        var first = await ServiceProcess.StartAsync(_checkpoint.Folder);
        await using var browser = await SystemBrowser.StartAsync();
        await using var playground = await OpenAsync(browser, first, "/");
        await using var dashboard = await OpenAsync(browser, first, "/dashboard");
        await first.KillAsync();
        await Expect(playground["#components-reconnect-modal"]).ToBeAttachedAsync();
        await first.DisposeAsync();

        await using var second = await ServiceProcess.StartAsync(_checkpoint.Folder, "--web-port", $"{first.WebAddress?.Port}");

        await Expect(playground["#components-reconnect-modal"]).Not.ToBeAttachedAsync();
        await playground["#picture"].SetInputFilesAsync(OpenService.Sample("bars.png"));
        await Expect(playground[".file"]).ToHaveTextAsync("bars.png");
        await AskAsync(second, Question);
        await Expect(dashboard["#answers"]).ToHaveTextAsync("1");
        Assert.Empty(second.Errors);
    }

    [Fact]
    public async Task Pages_OpenWhenTheFirstKeyIsMade_AskForIt()
    {
        await using var service = await ServiceProcess.StartAsync(_checkpoint.Folder);
        await using var browser = await SystemBrowser.StartAsync();
        await using var playground = await OpenAsync(browser, service, "/");
        await using var dashboard = await OpenAsync(browser, service, "/dashboard");
        await playground["#picture"].SetInputFilesAsync(OpenService.Sample("bars.png"));
        await Expect(playground[".file"]).ToHaveTextAsync("bars.png");
        await playground["#question"].FillAsync(Question);

        var key = (await service.AdministerAsync("key", "create", "--tenant", "acme")).Output.Trim();

        await Expect(dashboard["#key-title"]).ToBeVisibleAsync();
        await playground["#ask"].ClickAsync();
        await playground.ShowKeyAsync(key);
        await playground["#ask"].ClickAsync();
        await Expect(playground["#charged"]).Not.ToBeEmptyAsync();
        Assert.Empty(service.Errors);
    }

    private static async Task<Visit> OpenAsync(SystemBrowser browser, ServiceProcess service, string path)
    {
        var visit = await Visit.OpenAsync(browser, service.WebAddress ?? throw new InvalidOperationException("It has no web port."), path, new());
        visit.Tolerate("");                                                  // it will find that its service is gone
        return visit;
    }

    private static Task<GenerateResponse> AskAsync(ServiceProcess service, string question) => service.Client.GenerateAsync(
        new() { Image = new() { Data = ByteString.CopyFrom(File.ReadAllBytes(OpenService.Sample("bars.png"))) }, Question = question }).ResponseAsync.Soon();
}
