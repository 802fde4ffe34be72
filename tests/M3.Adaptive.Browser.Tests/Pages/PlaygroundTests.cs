using System.Text.Json;
using System.Text.RegularExpressions;
using M3.Adaptive.Browser.Tests.Browsing;
using M3.Adaptive.TestKit.Files;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace M3.Adaptive.Browser.Tests.Pages;

/// <summary>The playground, in a browser, with the shipped model.</summary>
[Collection(OpenServiceTests.Name)]
public sealed class PlaygroundTests(OpenService service)
{
    [Fact]
    public async Task Ask_ASample_ShowsAnswerLadderAndCosts()
    {
        await using var visit = await service.OpenAsync();

        await TakeSampleAsync(visit, "large");
        await visit["#ask"].ClickAsync();

        await Expect(visit["#answer"]).ToHaveTextAsync("helicopter");
        await Expect(visit["#charged"]).Not.ToBeEmptyAsync();
        await Expect(visit[".ladder tbody tr"]).ToHaveCountAsync(5);
        await Expect(visit[".ladder tr[data-state=answered]"]).ToHaveCountAsync(1);
        await Expect(visit[".ladder tr[data-scale='9'] .number"].First).ToHaveTextAsync(new Regex(@"^[01]\.\d\d$"));
        await Expect(visit[".scales .seen"]).ToHaveCountAsync(5);
    }

    [Fact]
    public async Task Ask_AnUploadedFile_IsAnswered()
    {
        await using var visit = await service.OpenAsync();

        await visit["#picture"].SetInputFilesAsync(OpenService.Sample("grid.png"));
        await AskAsync(visit, "where is the anchor");

        await Expect(visit["#answer"]).ToHaveTextAsync("top left");
    }

    [Fact]
    public async Task Cap_SetByKeyboard_IsObeyed()
    {
        await using var visit = await service.OpenAsync();
        await TakeSampleAsync(visit, "receipt");

        await visit["#cap"].FocusAsync();
        await visit.Page.Keyboard.PressAsync("Home");
        foreach (var _ in Enumerable.Range(0, 8)) await visit.Page.Keyboard.PressAsync("ArrowRight");
        await Expect(visit["#cap-note"]).ToHaveTextAsync("at most 9 in all");
        await visit["#ask"].ClickAsync();

        await Expect(visit["#charged"]).ToHaveTextAsync(new Regex("^[19]$"));
        await Expect(visit[".ladder tr[data-scale='36']"]).ToHaveAttributeAsync("data-state", "closed");
        await Expect(visit[".ladder tr[data-scale='36']"]).ToContainTextAsync("beyond what the cap leaves");
    }

    [Fact]
    public async Task Compare_AQuestion_AnswersAtEveryScale()
    {
        await using var visit = await service.OpenAsync();
        await TakeSampleAsync(visit, "receipt");

        await visit["#compare"].ClickAsync();

        await Expect(visit["#comparison tbody tr"]).ToHaveCountAsync(5);
        Assert.Equal(["1", "9", "36", "144", "576"], await visit["#comparison tbody th"].AllTextContentsAsync());
        await Expect(visit["#comparison tbody tr"].Last).ToContainTextAsync("450");
    }

    [Fact]
    public async Task Right_IsPressed_KeepsTheOutcome()
    {
        await using var visit = await service.OpenAsync();
        await TakeSampleAsync(visit, "sign");
        await visit["#ask"].ClickAsync();
        var decision = await visit["a[href^='dashboard/decisions/']"].TextContentAsync();

        await visit["#right"].ClickAsync();

        await Expect(visit["#said"]).ToHaveTextAsync("recorded as right");
        var kept = (await service.Process.DecisionsAsync()).Split('\n').Single(line => line.Contains(decision ?? "no decision", StringComparison.Ordinal));
        Assert.Equal("Right", JsonDocument.Parse(kept).RootElement.GetProperty("outcomes")[0].GetProperty("verdict").GetString(), ignoreCase: true);
    }

    [Fact]
    public async Task Texts_ThatLookLikeScript_StayTexts()
    {
        await using var visit = await service.OpenAsync();

        await visit["#picture"].SetInputFilesAsync(new FilePayload
        {
            Name = "<img src=x onerror=alert(1)>.png",
            MimeType = "image/png",
            Buffer = await File.ReadAllBytesAsync(OpenService.Sample("bars.png")),
        });
        await AskAsync(visit, SnippetTests.Nasty);

        await Expect(visit["#charged"]).Not.ToBeEmptyAsync();
        await Expect(visit[".file"]).ToHaveTextAsync("<img src=x onerror=alert(1)>.png");
        await Expect(visit["#copy-curl"]).ToContainTextAsync("<script>");
        Assert.Equal("Playground · M3.Adaptive", await visit.Page.TitleAsync());
        Assert.Equal(0, await visit["img[src='x']"].CountAsync());
    }

    [Fact]
    public async Task Paste_APicture_TakesIt()
    {
        await using var visit = await service.OpenAsync();
        var picture = Convert.ToBase64String(await File.ReadAllBytesAsync(OpenService.Sample("bars.png")));

        await visit.Page.EvaluateAsync(
            """
            picture => {
              const data = new DataTransfer();
              data.items.add(new File([Uint8Array.from(atob(picture), c => c.charCodeAt(0))], 'pasted.png', { type: 'image/png' }));
              document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }));
            }
            """, picture);

        await Expect(visit[".file"]).ToHaveTextAsync("pasted.png");
    }

    [Fact]
    public async Task Upload_NoPicture_SaysSoAndGoesOn()
    {
        await using var visit = await service.OpenAsync();

        await visit["#picture"].SetInputFilesAsync(new FilePayload { Name = "text.png", MimeType = "image/png", Buffer = "This is text."u8.ToArray() });

        await Expect(visit[".fault"]).ToContainTextAsync("JPEG, PNG or WebP");
        await TakeSampleAsync(visit, "bars");
        await Expect(visit[".fault"]).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Upload_LargerThanARequestMayBe_SaysSoAndGoesOn()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Combine("large.png");
        using (var large = File.Create(file)) large.SetLength(40_000_000);
        await using var visit = await service.OpenAsync();

        await visit["#picture"].SetInputFilesAsync(file);

        await Expect(visit[".fault"]).ToHaveTextAsync("The file has 40000000 bytes, and at most 16777216 are taken: send a smaller picture.");
        await TakeSampleAsync(visit, "bars");
        await Expect(visit[".fault"]).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData(360, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    public async Task Page_OnAPhoneOrInTheDark_FitsAndNamesItsControls(int width, ColorScheme scheme)
    {
        await using var visit = await service.OpenAsync(view: new(width, Scheme: scheme));
        await TakeSampleAsync(visit, "small-sign");
        await visit["#ask"].ClickAsync();
        await Expect(visit["#charged"]).Not.ToBeEmptyAsync();

        Assert.True(await visit.Page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= width);
        Assert.True(await IsDarkAsync(visit, "body") == (scheme == ColorScheme.Dark));
        Assert.DoesNotMatch(@"- (button|textbox|radio|slider|spinbutton|img|link|combobox)\s*$", await visit["body"].AriaSnapshotAsync());
    }

    private static async Task TakeSampleAsync(Visit visit, string name)
    {
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = $"Sample {name}", Exact = true }).ClickAsync();
        await Expect(visit[".file"]).ToHaveTextAsync($"{name}.png");
    }

    private static async Task AskAsync(Visit visit, string question)
    {
        await Expect(visit[".file"]).ToHaveCountAsync(1);
        await visit["#question"].FillAsync(question);
        await visit["#ask"].ClickAsync();
        await Expect(visit["#charged"]).Not.ToBeEmptyAsync();
    }

    private static async Task<bool> IsDarkAsync(Visit visit, string selector) =>
        await visit.Page.EvaluateAsync<int>("selector => parseInt(getComputedStyle(document.querySelector(selector)).backgroundColor.match(/\\d+/)[0])", selector) < 128;
}
