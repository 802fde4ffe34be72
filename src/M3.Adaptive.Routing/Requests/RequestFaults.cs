using M3.Adaptive.Routing.Wishes;

namespace M3.Adaptive.Routing.Requests;

/// <summary>Finds what is missing, out of range or contradictory in a request. Pure; field names are the wire contract's.</summary>
public static class RequestFaults
{
    /// <summary>Unicode code points, so that most emoji count as one.</summary>
    public const int MaxQuestionLength = 4096;

    /// <inheritdoc cref="MaxQuestionLength"/>
    public const int MaxRequestIdLength = 128;

    public static IReadOnlyList<FieldFault> Of(GenerateQuery query) =>
        [.. OfInput(query.RequestId, query.Image, query.Question), .. WishFaults.Of(query.Decoding), .. WishFaults.Of(query.Routing)];

    public static IReadOnlyList<FieldFault> Of(RouteQuery query) =>
    [
        .. OfInput(query.RequestId, query.Image, query.Question),
        .. WishFaults.OfMaxNewTokens("max_new_tokens", query.MaxNewTokens),
        .. WishFaults.Of(query.Decoding),
        .. query.MaxNewTokens is { } stated && query.Decoding.MaxNewTokens is { } other && stated != other
            ? [new FieldFault("max_new_tokens", $"is {stated} and decoding.max_new_tokens {other}; leave one of them unset")]
            : (FieldFault[])[],
        .. WishFaults.Of(query.Routing),
    ];

    private static IEnumerable<FieldFault> OfInput(string? requestId, ImageSource? image, string question)
    {
        if (requestId is not null && CharactersOf(requestId) is 0 or > MaxRequestIdLength)
            yield return new("request_id", $"has {CharactersOf(requestId)} characters; expected 1 to {MaxRequestIdLength}, or leave it unset");
        if (image is null)
            yield return new("image", "is missing; send data or sha256");
        if (image is ImageSource.Bytes { Data.IsEmpty: true })
            yield return new("image.data", "is empty; send a JPEG, PNG or WebP file");
        if (image is ImageSource.Cached { Hash.Value: var hash } && !(hash.Length == 64 && hash.All(char.IsAsciiHexDigitLower)))
            yield return new("image.sha256", "is no SHA-256; expected 64 lower-case hexadecimal digits");
        if (string.IsNullOrWhiteSpace(question))
            yield return new("question", "is empty");
        else if (CharactersOf(question) is > MaxQuestionLength and var length)
            yield return new("question", $"has {length} characters; at most {MaxQuestionLength} are allowed");
    }

    private static int CharactersOf(string text) => text.EnumerateRunes().Count();
}
