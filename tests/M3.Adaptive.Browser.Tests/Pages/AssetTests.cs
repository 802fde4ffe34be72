using System.Net;
using M3.Adaptive.Browser.Tests.Browsing;

namespace M3.Adaptive.Browser.Tests.Pages;

/// <summary>What the pages load, all of it from the service itself.</summary>
[Collection(OpenServiceTests.Name)]
public sealed class AssetTests(OpenService service)
{
    [Theory]
    [InlineData("", "text/html", 2_000)]
    [InlineData("pages.css", "text/css", 3_000)]
    [InlineData("pages.js", "text/javascript", 1_000)]
    [InlineData("m3.svg", "image/svg+xml", 200)]
    [InlineData("samples/bars.png", "image/png", 12_115)]
    [InlineData("_framework/blazor.web.js", "text/javascript", 100_000)]
    [InlineData("_content/Microsoft.FluentUI.AspNetCore.Components/Microsoft.FluentUI.AspNetCore.Components.bundle.scp.css", "text/css", 100_000)]
    [InlineData("_content/Microsoft.FluentUI.AspNetCore.Components/Microsoft.FluentUI.AspNetCore.Components.lib.module.js", "text/javascript", 400_000)]
    public async Task Asset_OfAPage_IsServedWhole(string path, string type, int length)
    {
        using var client = new HttpClient { BaseAddress = service.Web };

        using var answer = await client.GetAsync(path);

        Assert.Equal((HttpStatusCode.OK, type), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.True((await answer.Content.ReadAsByteArrayAsync()).Length >= length);
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
