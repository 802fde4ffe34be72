using M3.Adaptive.Core;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Requests;
using M3.Adaptive.Routing.Wishes;

namespace M3.Adaptive.Service.Web.OpenAi;

/// <summary>Chat completions as the use case that answers them. Pure.</summary>
internal static class ChatWishes
{
    /// <summary>Visual tokens that a picture of low detail is charged at most, over all scales that run.</summary>
    public const int LowDetail = 36;

    /// <param name="requestId">Identifies retries; null makes every call a new one.</param>
    public static GenerateQuery ToQuery(ChatRequest request, Caller caller, string? requestId) => new()
    {
        Caller = caller,
        RequestId = requestId,
        Image = new ImageSource.Bytes(request.Picture),
        Question = request.Question,
        Routing = ToRouting(request),
        Decoding = new DecodingWish(request.MaxTokens, request.Temperature, request.TopP, request.Seed) { Stop = request.Stop },
    };

    /// <summary>
    /// What the product's own fields say wins over OpenAI's <c>detail</c>: low detail is a cap, unless another cap or a least scale is stated, and high detail is the finest scale,
    /// unless the product's fields say anything of how to choose.
    /// </summary>
    internal static RoutingWish ToRouting(ChatRequest request)
    {
        var isBounded = request.MaxVisualTokens is not null || request.MinVisualTokens is not null;
        PolicyWish? policy = request switch
        {
            { Risk: { } risk } => new PolicyWish.Quality(risk),
            { Detail: Detail.High } when !isBounded => new PolicyWish.Fixed(VisualScale.Finest.Tokens),
            _ => null,
        };
        var cap = request.MaxVisualTokens ?? (request.Detail == Detail.Low && !isBounded ? LowDetail : null);
        var least = request.MinVisualTokens is { } tokens ? VisualScale.All.First(scale => scale.Tokens >= tokens).Tokens : (int?)null;
        return new RoutingWish { Policy = policy, MinScale = least, Caps = new Caps(cap, Flops: null) };
    }
}
