using M3.Adaptive.Browser.Tests.Browsing;
using M3.Adaptive.Contracts.V1;
using M3.Adaptive.TestKit;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace M3.Adaptive.Browser.Tests.Pages;

/// <summary>What the README shows, kept under <c>artifacts/screenshots</c> so that it can be taken over.</summary>
[Collection(OpenServiceTests.Name)]
public sealed class ScreenshotTests(OpenService service)
{
    private const int MaxBytes = 200_000;

    private static readonly string[] Questions = ["which bar is the highest?", "how much is the red bar?", "what color is the background?", "is there a dolphin"];

    [Fact]
    public async Task Screenshots_OfBothPages_AreSmall()
    {
        var outcomes = new Outcomes.OutcomesClient(service.Process.Channel);
        var picture = Google.Protobuf.ByteString.CopyFrom(await File.ReadAllBytesAsync(OpenService.Sample("bars.png")));
        foreach (var i in Enumerable.Range(0, 24))
        {
            var request = new GenerateRequest { Image = new() { Data = picture }, Question = Questions[i % 4], Routing = new() { Economy = new() { PricePerVisualToken = 0.0001 * (i % 6) } } };
            var reply = await service.Process.Client.GenerateAsync(request);
            await outcomes.RecordAsync(new() { DecisionId = reply.Decision.DecisionId, Verdict = i % 4 == 1 && reply.Text != "56" ? Verdict.Wrong : Verdict.Right });
        }

        await using (var playground = await service.OpenAsync(view: new(1200)))
        {
            await playground.Page.GetByRole(AriaRole.Button, new() { Name = "Sample receipt" }).ClickAsync();
            await Expect(playground[".file"]).ToHaveTextAsync("receipt.png");
            await playground["#ask"].ClickAsync();
            await Expect(playground["#charged"]).Not.ToBeEmptyAsync();
            Assert.InRange(await KeepAsync(playground, "playground"), 10_000, MaxBytes);
        }

        await using var dashboard = await service.OpenAsync("/dashboard", new(1200));
        await Expect(dashboard["#decisions tbody tr"].First).ToBeVisibleAsync();
        Assert.InRange(await KeepAsync(dashboard, "dashboard"), 10_000, MaxBytes);
    }

    // Returns the file's size.
    private static async Task<int> KeepAsync(Visit visit, string name)
    {
        var path = Path.Combine(RepositoryRoot.Path, "artifacts", "screenshots", $"{name}.jpg");
        return (await visit.Page.ScreenshotAsync(new() { Path = path, Type = ScreenshotType.Jpeg, Quality = 70 })).Length;
    }
}
