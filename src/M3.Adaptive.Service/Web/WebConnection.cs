using M3.Adaptive.Service.Refusals;

namespace M3.Adaptive.Service.Web;

/// <summary>Marks connections that came in by the web port, as a feature of theirs that each of their requests has, too.</summary>
internal sealed class WebConnection : IRefusalForm
{
    public static WebConnection Instance { get; } = new();

    public Task WriteAsync(HttpContext context, Refusal refusal) => WebError.Of(refusal).WriteToAsync(context);
}

/// <summary>Marks endpoints that are reached by the web port, and by no other.</summary>
internal sealed class WebOnly
{
    public static WebOnly Instance { get; } = new();
}
