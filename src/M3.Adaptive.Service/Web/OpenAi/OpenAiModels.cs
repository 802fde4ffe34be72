using M3.Adaptive.Core;
using M3.Adaptive.Routing.Requests;
using MediatR;

namespace M3.Adaptive.Service.Web.OpenAi;

/// <summary><c>GET /v1/models</c>: the one model that serves.</summary>
internal sealed class OpenAiModels(IMediator mediator, TimeProvider clock)
{
    private readonly DateTimeOffset _start = clock.GetUtcNow();

    public async Task ListAsync(HttpContext context) =>
        await context.Response.WriteAsJsonAsync(new ModelList([Entry(await ModelAsync(context))]), OpenAiJson.Default.ModelList, cancellationToken: context.RequestAborted);

    public async Task GetAsync(HttpContext context)
    {
        var model = await ModelAsync(context);
        ThrowIfAnother(context.GetRouteValue("model") as string ?? "", model.Model);
        await context.Response.WriteAsJsonAsync(Entry(model), OpenAiJson.Default.ModelEntry, cancellationToken: context.RequestAborted);
    }

    /// <exception cref="WebErrorException">No such model is served.</exception>
    public static void ThrowIfAnother(string wanted, ModelIdentity served)
    {
        if (wanted == served.Name || wanted == served.Version) return;
        throw new WebErrorException(new WebError(StatusCodes.Status404NotFound, $"There is no model '{wanted}' here: this server serves {served.Name}.", "model_not_found", "model"));
    }

    private Task<ModelReply> ModelAsync(HttpContext context) => mediator.Send(new ModelQuery("", MaxNewTokens: null), context.RequestAborted);

    private ModelEntry Entry(ModelReply model) => new(model.Model.Name, _start.ToUnixTimeSeconds(), model.Model.Version, [.. model.Ladder.Select(static rung => rung.Scale.Tokens)]);
}
