using System.Globalization;
using Grpc.Core;
using M3.Adaptive.Browser.Tests.Browsing;
using M3.Adaptive.Contracts.V1;
using static Microsoft.Playwright.Assertions;

namespace M3.Adaptive.Browser.Tests.Pages;

/// <summary>The pages of a service that asks for keys.</summary>
[Collection(GuardedServiceTests.Name)]
public sealed class KeyTests(GuardedService service)
{
    [Fact]
    public async Task Playground_WithoutAKey_AsksForOneAndAnswersNothing()
    {
        await using var visit = await service.OpenAsync();

        await Expect(visit["#key-title"]).ToHaveTextAsync("This service asks for a key");
        await visit["#picture"].SetInputFilesAsync(OpenService.Sample("bars.png"));
        await visit["#key"].FillAsync("m3_0123456789_nonsense");
        await visit.Page.Keyboard.PressAsync("Enter");

        await Expect(visit[".key .fault"]).ToContainTextAsync("unknown or revoked");
        await Expect(visit[".file"]).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Playground_WithAKey_StreamsAnAnswerAndForgetsTheKeyWithThePage()
    {
        await using var visit = await service.OpenAsync("/", service.Acme);
        await visit.Page.EvaluateAsync("""
            window.seen = new Set();
            new MutationObserver(() => window.seen.add(document.getElementById('answer').textContent)).observe(document.getElementById('answer'), { childList: true, characterData: true, subtree: true })
            """);

        await visit["#picture"].SetInputFilesAsync(OpenService.Sample("bars.png"));
        await Expect(visit[".file"]).ToHaveTextAsync("bars.png");
        await visit["#question"].FillAsync("which bar is the highest");
        await visit["#ask"].ClickAsync();

        await Expect(visit["#charged"]).Not.ToBeEmptyAsync();
        Assert.InRange(await visit.Page.EvaluateAsync<int>("window.seen.size"), 2, 64);
        Assert.DoesNotContain(service.Acme, await visit.Page.ContentAsync(), StringComparison.Ordinal);
        await visit.Page.ReloadAsync();
        await Expect(visit["#key-title"]).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Dashboard_OfAClient_ShowsItsOwnBudgetAndDecisionsOnly()
    {
        await SetBudgetAsync("acme", 500_000);
        await SetBudgetAsync("zeta", 700_000);
        var foreign = await AskAsync(service.Zeta);
        var own = await AskAsync(service.Acme);

        await using var visit = await service.OpenAsync("/dashboard", service.Acme);

        await Expect(visit["#budgets tbody tr"]).ToHaveCountAsync(1);
        await Expect(visit["#budgets"]).ToContainTextAsync("500000");
        await Expect(visit[$"a[href$='{own}']"]).ToHaveCountAsync(1);
        await Expect(visit[$"a[href$='{foreign}']"]).ToHaveCountAsync(0);
        await Expect(visit["#tenant"]).ToHaveCountAsync(0);
        await visit[$"a[href$='{own}']"].ClickAsync();
        await Expect(visit["#decision"]).ToContainTextAsync("acme");
    }

    [Fact]
    public async Task Dashboard_OfAnAdmin_ShowsEveryTenantAndFilters()
    {
        await SetBudgetAsync("zeta", 700_000);
        var (zeta, acme) = (await AskAsync(service.Zeta), await AskAsync(service.Acme));

        await using var visit = await service.OpenAsync("/dashboard", service.Admin);
        await Expect(visit["#budgets"]).ToContainTextAsync("700000");
        await Expect(visit[$"a[href$='{acme}']"]).ToHaveCountAsync(1);
        await visit["#tenant"].FillAsync("zeta");
        await visit.Page.Keyboard.PressAsync("Tab");

        await Expect(visit[$"a[href$='{acme}']"]).ToHaveCountAsync(0);
        await Expect(visit[$"a[href$='{zeta}']"]).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Dashboard_While200AreAnswered_CountsThemAll()
    {
        await using var visit = await service.OpenAsync("/dashboard", service.Admin);
        var before = int.Parse(await visit["#answers"].TextContentAsync() ?? "", CultureInfo.InvariantCulture);

        await Parallel.ForEachAsync(Enumerable.Range(0, 200), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, _) => await AskAsync(service.Acme));

        await Expect(visit["#answers"]).ToHaveTextAsync($"{before + 200}");
        await Expect(visit[".chart svg rect"].First).ToBeVisibleAsync();
        await Expect(visit["#decisions tbody tr"]).ToHaveCountAsync(50);
        await Expect(visit["text=whole request"]).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Dashboard_WithATenantAndAReferenceThatLookLikeScript_ShowsThemAsTexts()
    {
        const string Script = "<img src=x onerror=document.title=1>";
        var decision = await AskAsync(service.Zeta);
        await new Outcomes.OutcomesClient(service.Process.Channel).RecordAsync(new() { DecisionId = decision, Reference = Script }, Headers(service.Zeta));
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine(service.Process.StateFolder, "decisions")).FullName, "foreign.jsonl");
        var line = (await service.Process.DecisionsAsync()).Split('\n').Single(line => line.Contains(decision, StringComparison.Ordinal));
        await File.WriteAllTextAsync(file, line.Replace(decision, $"{Guid.NewGuid()}", StringComparison.Ordinal).Replace("\"zeta\"", $"\"{Script}\"", StringComparison.Ordinal) + "\n");
        await service.Process.AdministerAsync("decisions", "import");

        await using var visit = await service.OpenAsync("/dashboard", service.Admin);

        await Expect(visit.Page.GetByRole(Microsoft.Playwright.AriaRole.Cell, new() { Name = Script, Exact = true })).ToHaveCountAsync(2);
        await Expect(visit.Page).ToHaveTitleAsync("Dashboard · M3.Adaptive");
        Assert.Equal(0, await visit["img[src='x']"].CountAsync());
    }

    [Fact]
    public async Task Report_WithAScript_IsShownToAdminsAndRunsNothing()
    {
        var folder = Directory.CreateDirectory(Path.Combine(service.Process.StateFolder, "eval", "of today"));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "report.html"), "<h2>All scales</h2><script>parent.document.title = 'taken'; document.body.innerHTML = '';</script>");

        await using (var client = await service.OpenAsync("/dashboard/reports/of%20today", service.Acme))
            await Expect(client[".fault"]).ToHaveTextAsync("Reports are for keys of role admin.");
        await using var visit = await service.OpenAsync("/dashboard/reports/of%20today", service.Admin);
        visit.Tolerate("sandboxed");

        await Expect(visit.Page.FrameLocator("iframe").Locator("h2")).ToHaveTextAsync("All scales");
        await Expect(visit.Page).ToHaveTitleAsync("Report · M3.Adaptive");
    }

    private async Task SetBudgetAsync(string tenant, long limit) => await new Budgets.BudgetsClient(service.Process.Channel).SetAsync(
        new() { Tenant = tenant, Budget = new() { Limit = limit } }, Headers(service.Admin));

    // Returns the decision's id.
    private async Task<string> AskAsync(string key)
    {
        var picture = Google.Protobuf.ByteString.CopyFrom(await File.ReadAllBytesAsync(OpenService.Sample("bars.png")));
        var request = new GenerateRequest { Image = new() { Data = picture }, Question = "which bar is the highest", Decoding = new() { MaxNewTokens = 2 } };
        return (await service.Process.Client.GenerateAsync(request, Headers(key))).Decision.DecisionId;
    }

    private static Metadata Headers(string key) => new() { { "authorization", $"Bearer {key}" } };
}
