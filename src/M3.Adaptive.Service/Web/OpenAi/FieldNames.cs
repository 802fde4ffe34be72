namespace M3.Adaptive.Service.Web.OpenAi;

/// <summary>The wire contract's names of fields, in which use cases tell what is wrong, as OpenAI's interface and our extensions of it call them.</summary>
internal static class FieldNames
{
    // Longer names before those that they contain.
    private static readonly (string Contract, string Here)[] Names =
    [
        ("routing.caps.visual_tokens", "max_visual_tokens"),
        ("routing.min_scale", "min_visual_tokens"),
        ("routing.quality.risk", "risk"),
        ("routing.fixed.scale", "messages[0].content.image_url.detail"),
        ("decoding.max_new_tokens", "max_tokens"),
        ("decoding.temperature", "temperature"),
        ("decoding.stop", "stop"),
        ("decoding.top_p", "top_p"),
        ("max_new_tokens", "max_tokens"),
        ("image.data", "messages[0].content.image_url"),
        ("request_id", ChatCompletions.IdempotencyKey),
    ];

    public static WebError InOurs(WebError error) => error with { Message = InOurs(error.Message), Param = error.Param is { } field ? OfField(field) : null };

    private static string OfField(string field) => field == "question" ? "messages" : InOurs(field);

    private static string InOurs(string text) => Names.Aggregate(text, static (text, name) => text.Replace(name.Contract, name.Here, StringComparison.Ordinal));
}
