using M3.Adaptive.Browser.Tests.Browsing;
using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.TestKit;
using static Microsoft.Playwright.Assertions;

namespace M3.Adaptive.Browser.Tests.Pages;

/// <summary>The registry of predictors as the dashboard shows and changes it.</summary>
public sealed class PredictorTests
{
    [Fact]
    public async Task Promotion_ByAnAdmin_IsConfirmedKeptAndTakenBackAndNoClientsBusiness()
    {
        await using var service = await ServiceProcess.StartAsync(Path.Combine(RepositoryRoot.Path, "models", "m3-nano"));
        await using var browser = await SystemBrowser.StartAsync();
        AddASecondVersion(service.StateFolder);
        var client = (await service.AdministerAsync("key", "create", "--tenant", "acme")).Output.Trim();
        var admin = (await service.AdministerAsync("key", "create", "--tenant", "operators", "--role", "admin")).Output.Trim();
        var web = service.WebAddress ?? throw new InvalidOperationException("It has no web port.");

        await using (var other = await Visit.OpenAsync(browser, web, "/dashboard", new()))
        {
            await other.ShowKeyAsync(client);
            await Expect(other["#predictors tbody tr"]).ToHaveCountAsync(2);
            await Expect(other["#promote-2"]).ToHaveCountAsync(0);
            await Expect(other["#rollback"]).ToHaveCountAsync(0);
        }

        await using var visit = await Visit.OpenAsync(browser, web, "/dashboard", new());
        await visit.ShowKeyAsync(admin);
        await visit["#promote-2"].ClickAsync();
        await visit["#cancel"].ClickAsync();
        await Expect(visit["#history li"]).ToHaveCountAsync(1);
        await visit["#promote-2"].ClickAsync();
        await visit["#why"].FillAsync("<b>a test</b>");
        await visit["#confirm"].ClickAsync();

        await Expect(visit["#predictors tbody tr:nth-child(2)"]).ToContainTextAsync("champion");
        await Expect(visit["#history li"].First).ToContainTextAsync("Promote 1 → 2 by key:");
        await Expect(visit["#history li"].First).ToContainTextAsync("<b>a test</b>");
        await visit["#rollback"].ClickAsync();
        await visit["#why"].FillAsync("another test");
        await visit["#confirm"].ClickAsync();
        await Expect(visit["#predictors tbody tr:nth-child(1)"]).ToContainTextAsync("champion");
    }

    // The same predictor once more, as if it had come with the model a second time.
    private static void AddASecondVersion(string state)
    {
        var first = Directory.EnumerateDirectories(state, "1", SearchOption.AllDirectories).Single();
        var second = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(first) ?? state, "2"));
        foreach (var file in Directory.EnumerateFiles(first)) File.Copy(file, Path.Combine(second.FullName, Path.GetFileName(file)));
    }
}
