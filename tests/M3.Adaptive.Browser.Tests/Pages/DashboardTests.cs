using M3.Adaptive.Browser.Tests.Browsing;
using M3.Adaptive.Contracts.V1;
using static Microsoft.Playwright.Assertions;

namespace M3.Adaptive.Browser.Tests.Pages;

/// <summary>The dashboard of a service without keys, with the shipped model.</summary>
[Collection(OpenServiceTests.Name)]
public sealed class DashboardTests(OpenService service)
{
    [Fact]
    public async Task Decisions_FilteredByScaleAndReason_AreThoseAlone()
    {
        var (coarse, fine) = (await AskAsync(scale: 9), await AskAsync(scale: 144));

        await using var visit = await service.OpenAsync("/dashboard");
        await visit["#scale"].SelectOptionAsync("144");

        await Expect(visit[$"a[href$='{fine}']"]).ToHaveCountAsync(1);
        await Expect(visit[$"a[href$='{coarse}']"]).ToHaveCountAsync(0);
        await visit["#reason"].SelectOptionAsync(nameof(StepReason.Target));
        await Expect(visit[$"a[href$='{fine}']"]).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Decision_Opened_ShowsForecastPathAndFeatures()
    {
        var decision = await AskAsync(scale: 36);

        await using var visit = await service.OpenAsync($"/dashboard/decisions/{decision}");

        await Expect(visit["#path tbody tr"]).ToHaveCountAsync(5);
        await Expect(visit["#path tbody tr:nth-child(3)"]).ToContainTextAsync("Fixed");
        await Expect(visit[".features"]).ToContainTextAsync("energy lost at 1");
        await Expect(visit["#decision"]).ToContainTextAsync("m3-nano@");
    }

    [Fact]
    public async Task Outcomes_Recorded_AreDrawnAgainstTheirConfidence()
    {
        var outcomes = new Outcomes.OutcomesClient(service.Process.Channel);
        await outcomes.RecordAsync(new() { DecisionId = await AskAsync(scale: 576), Verdict = Verdict.Right });

        await using var visit = await service.OpenAsync("/dashboard");

        await Expect(visit[".reliability circle"].First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Drift_OfFewAnswers_IsNotToldYet()
    {
        await AskAsync(scale: 1);

        await using var visit = await service.OpenAsync("/dashboard");

        await Expect(visit["#drift tbody tr"]).ToHaveCountAsync(5);
        await Expect(visit["#drift tbody tr"].First).ToContainTextAsync("too little is known");
        await Expect(visit["text=How far the latest"]).Not.ToContainTextAsync("latest 0 answers");
    }

    [Fact]
    public async Task Decision_ThatIsNone_SaysSo()
    {
        await using var visit = await service.OpenAsync($"/dashboard/decisions/{Guid.NewGuid()}");

        await Expect(visit[".fault"]).ToContainTextAsync("There is no such decision");
    }

    // Returns the decision's id.
    private async Task<string> AskAsync(int scale)
    {
        var picture = Google.Protobuf.ByteString.CopyFrom(await File.ReadAllBytesAsync(OpenService.Sample("bars.png")));
        var request = new GenerateRequest
        {
            Image = new() { Data = picture },
            Question = "which bar is the highest",
            Routing = new() { Fixed = new() { Scale = scale } },
        };
        return (await service.Process.Client.GenerateAsync(request)).Decision.DecisionId;
    }
}
