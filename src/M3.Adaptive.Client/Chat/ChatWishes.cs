using System.Globalization;
using M3.Adaptive.Contracts.V1;
using Microsoft.Extensions.AI;

namespace M3.Adaptive.Client.Chat;

/// <summary>Options of a chat as the contract's wishes. Pure.</summary>
internal static class ChatWishes
{
    private const string MaxVisualTokens = "max_visual_tokens", MinVisualTokens = "min_visual_tokens", Risk = "risk", Detail = "detail";

    /// <param name="picture">Whose detail is heeded for what the options leave open.</param>
    /// <exception cref="NotSupportedException">An option asks for what the model cannot do; the message names it.</exception>
    /// <exception cref="ArgumentException">An option is no value of its kind; the message names it.</exception>
    public static void Apply(ChatOptions? options, DataContent? picture, GenerateRequest request)
    {
        if (options is not null) ApplyDecoding(options, request);
        var further = options?.AdditionalProperties ?? [];
        if (further.Keys.FirstOrDefault(static key => key is not (MaxVisualTokens or MinVisualTokens or Risk)) is { } unknown)
            throw new NotSupportedException($"{nameof(ChatOptions.AdditionalProperties)} has {unknown}; the service knows {MaxVisualTokens}, {MinVisualTokens} and {Risk}.");
        var routing = request.Routing ?? new RoutingOptions();
        var (cap, least, risk) = (Number(further, MaxVisualTokens), Number(further, MinVisualTokens), Number(further, Risk));
        if (cap is { } most) (routing.Caps ??= new Caps()).VisualTokens = (long)most;
        if (least is { } tokens) routing.MinScale = FirstWith(tokens);
        if (risk is { } share) routing.Quality = new QualityPolicy { Risk = share };
        ApplyDetail(picture, routing, isBounded: cap is not null || least is not null, hasPolicy: routing.PolicyCase != RoutingOptions.PolicyOneofCase.None);
        request.Routing = routing;
    }

    private static void ApplyDetail(DataContent? picture, RoutingOptions routing, bool isBounded, bool hasPolicy)
    {
        switch ((picture?.AdditionalProperties?.TryGetValue(Detail, out var stated) == true ? stated : null)?.ToString()?.ToLowerInvariant())
        {
            case null or "auto": break;
            case "low" when !isBounded: (routing.Caps ??= new Caps()).VisualTokens = ChatQuestion.LowDetail; break;
            case "high" or "original" when !isBounded && !hasPolicy: routing.Fixed = new FixedPolicy { Scale = ChatQuestion.HighDetail }; break;
            case "low" or "high" or "original": break;
            case var other: throw new ArgumentException($"The picture's {Detail} is {other}; expected auto, low, high or original.");
        }
    }

    private static void ApplyDecoding(ChatOptions options, GenerateRequest request)
    {
        ThrowIfAsked(options.Instructions is not null, nameof(options.Instructions));
        ThrowIfAsked(options.Tools is { Count: > 0 }, nameof(options.Tools));
        ThrowIfAsked(options.ResponseFormat is not (null or ChatResponseFormatText), nameof(options.ResponseFormat));
        ThrowIfAsked(options.TopK is not null, nameof(options.TopK));
        ThrowIfAsked(options.FrequencyPenalty is not (null or 0), nameof(options.FrequencyPenalty));
        ThrowIfAsked(options.PresencePenalty is not (null or 0), nameof(options.PresencePenalty));
        ThrowIfAsked(options.ConversationId is not null, nameof(options.ConversationId));
        var decoding = request.Decoding ?? new DecodingOptions();
        if (options.MaxOutputTokens is { } tokens) decoding.MaxNewTokens = tokens;
        if (options.Temperature is { } temperature) decoding.Temperature = temperature;
        if (options.TopP is { } share) decoding.TopP = share;
        if (options.Seed is { } seed) decoding.Seed = seed;
        if (options.StopSequences is { } texts) decoding.Stop.Add(texts);
        request.Decoding = decoding;
    }

    private static void ThrowIfAsked(bool isAsked, string option)
    {
        if (isAsked) throw new NotSupportedException($"{nameof(ChatOptions)}.{option} asks for what the model cannot do: leave it unset.");
    }

    private static int FirstWith(double tokens) => tokens switch
    {
        <= 1 => 1,
        <= 9 => 9,
        <= 36 => 36,
        <= 144 => 144,
        <= 576 => 576,
        _ => throw new ArgumentException($"{MinVisualTokens} is {tokens}; expected 1 to 576."),
    };

    private static double? Number(AdditionalPropertiesDictionary properties, string name)
    {
        if (!properties.TryGetValue(name, out var value) || value is null) return null;
        var text = Convert.ToString(value, CultureInfo.InvariantCulture);
        return double.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : throw new ArgumentException($"{name} is {text}; expected a number.");
    }
}
