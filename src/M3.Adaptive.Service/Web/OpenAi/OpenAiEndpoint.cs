namespace M3.Adaptive.Service.Web.OpenAi;

/// <summary>What clients of OpenAI's interface find here.</summary>
internal static class OpenAiEndpoint
{
    public static void AddOpenAi(this IServiceCollection services)
    {
        services.AddSingleton<ChatCompletions>();
        services.AddSingleton<OpenAiModels>();
    }

    public static void MapOpenAi(this IEndpointRouteBuilder web)
    {
        web.MapPost("/v1/chat/completions", static context => context.RequestServices.GetRequiredService<ChatCompletions>().AnswerAsync(context));
        web.MapGet("/v1/models", static context => context.RequestServices.GetRequiredService<OpenAiModels>().ListAsync(context));
        web.MapGet("/v1/models/{model}", static context => context.RequestServices.GetRequiredService<OpenAiModels>().GetAsync(context));
    }
}
