using System.Net;
using M3.Adaptive.Browser.Tests.Browsing;

namespace M3.Adaptive.Browser.Tests.Pages;

/// <summary>What the pages load, all of it from the service itself.</summary>
[Collection(OpenServiceTests.Name)]
public sealed class AssetTests(OpenService service)
{
    /// <summary>Address, type and least length of pages.</summary>
    public static TheoryData<string, string, int> Pages => new() { { "", "text/html", 2_000 }, { "dashboard", "text/html", 2_000 } };

    /// <summary>Likewise of what they load.</summary>
    public static TheoryData<string, string, int> Files => new()
    {
        { "pages.css", "text/css", 3_000 },
        { "pages.js", "text/javascript", 1_000 },
        { "m3.svg", "image/svg+xml", 200 },
        { "_framework/blazor.web.js", "text/javascript", 100_000 },
        { "_content/Microsoft.FluentUI.AspNetCore.Components/Microsoft.FluentUI.AspNetCore.Components.bundle.scp.css", "text/css", 100_000 },
        { "_content/Microsoft.FluentUI.AspNetCore.Components/Microsoft.FluentUI.AspNetCore.Components.lib.module.js", "text/javascript", 400_000 },
    };

    [Theory]
    [MemberData(nameof(Pages))]
    [MemberData(nameof(Files))]
    [InlineData("samples/bars.png", "image/png", 27_359)]
    public Task Asset_OfAPage_IsServedWhole(string path, string type, int length) => AssertServedAsync(service.Web, path, type, length);

    /// <summary>Fetches it, and looks at status, type, length and what browsers may make of it.</summary>
    internal static async Task AssertServedAsync(Uri? site, string path, string type, int length)
    {
        using var client = new HttpClient { BaseAddress = site };

        using var answer = await client.GetAsync(path);

        Assert.Equal((path, HttpStatusCode.OK, type), (path, answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.True((await answer.Content.ReadAsByteArrayAsync()).Length >= length, path);
        Assert.Contains("script-src 'self';", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("samples/..%2Fconfig.json")]
    [InlineData("samples/questions.jsonl")]
    [InlineData("appsettings.json")]
    public async Task File_ThatIsNoAsset_IsNotServed(string path)
    {
        using var client = new HttpClient { BaseAddress = service.Web };

        using var answer = await client.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }
}
