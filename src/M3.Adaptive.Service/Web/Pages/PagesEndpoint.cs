using M3.Adaptive.Service.Web.Live;
using M3.Adaptive.Service.Web.Playground;
using M3.Adaptive.Service.Web.Reports;
using M3.Adaptive.Service.Web.Visitors;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.FluentUI.AspNetCore.Components;

namespace M3.Adaptive.Service.Web.Pages;

/// <summary>Pages for people: the playground and the dashboard. They are open to all, as what they show and do asks for a key itself.</summary>
internal static class PagesEndpoint
{
    private const string Assets = "M3.Adaptive.Service.staticwebassets.endpoints.json";

    public static void AddPages(this IServiceCollection services)
    {
        // Protects what a page holds of its components until its circuit is up, by this process: no key need be kept.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        // A page that outlived an earlier process brings a cookie that this one cannot read, which harms nothing.
        services.AddLogging(static log => log.AddFilter("Microsoft.AspNetCore.Antiforgery", LogLevel.None));
        services.AddRazorComponents().AddInteractiveServerComponents(static circuits =>
        {
            circuits.DisconnectedCircuitMaxRetained = 20;
            circuits.DisconnectedCircuitRetentionPeriod = TimeSpan.FromSeconds(30);
        });
        services.AddFluentUIComponents();
        services.AddScoped<Visitor>();
        services.AddSingleton<SamplePictures>();
        services.AddSingleton<EvaluationReports>();
        services.AddSingleton<LiveFigures>();
        services.AddHostedService(static provider => provider.GetRequiredService<LiveFigures>());
        services.AddSingleton<SeenPictures>();
        services.AddSingleton<PageAnswers>();
        services.AddSingleton<GrpcAddress>();
    }

    public static void MapPages(this RouteGroupBuilder web)
    {
        web.MapStaticAssets(Path.Combine(AppContext.BaseDirectory, Assets)).AllowAnonymous();
        web.MapSamples();
        // No form is ever posted, so there is none to forge.
        web.MapRazorComponents<App>()
            .AddInteractiveServerRenderMode(static pages => pages.ContentSecurityFrameAncestorsPolicy = null)
            .DisableAntiforgery().AllowAnonymous();
    }
}
