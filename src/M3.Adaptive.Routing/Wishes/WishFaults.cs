using M3.Adaptive.Core;

namespace M3.Adaptive.Routing.Wishes;

/// <summary>Finds what is missing, out of range or contradictory in what a caller wishes. Pure; field names are the wire contract's.</summary>
public static class WishFaults
{
    /// <summary>New tokens of one answer at most.</summary>
    public const int MaxNewTokens = 1024;

    private const int MaxStopTexts = 8, MaxStopCharacters = 64;

    public static IReadOnlyList<FieldFault> Of(RoutingWish wish) =>
        [.. OfPolicy(wish), .. OfBounds(wish), .. OfCaps(wish), .. OfEscalation(wish)];

    public static IReadOnlyList<FieldFault> Of(DecodingWish wish) =>
    [
        .. OfMaxNewTokens("decoding.max_new_tokens", wish.MaxNewTokens),
        .. Check("decoding.temperature", wish.Temperature, value => value is >= 0 and <= 2, "0 to 2"),
        .. Check("decoding.top_p", wish.TopP, value => value is > 0 and <= 1, "above 0, up to 1"),
        .. OfStop(wish.Stop),
    ];

    /// <summary>Whether a valid wish leaves a model without a scale that it was trained for.</summary>
    /// <param name="ladder">The model's rungs, coarsest first.</param>
    public static IReadOnlyList<FieldFault> Against(IReadOnlyList<VisualScale> ladder, RoutingWish wish)
    {
        var has = $"this model was trained for {string.Join(", ", ladder)} visual tokens";
        if (wish.Policy is PolicyWish.Fixed { Scale: { } scale })
            return ladder.Any(rung => rung.Tokens == scale) ? [] : [new("routing.fixed.scale", $"is {scale}; {has}")];
        if (ladder.Any(rung => !(rung.Tokens < wish.MinScale) && !(rung.Tokens > wish.MaxScale))) return [];
        return
        [
            .. OfBound("routing.min_scale", wish.MinScale),
            .. OfBound("routing.max_scale", wish.MaxScale),
        ];

        IEnumerable<FieldFault> OfBound(string field, int? bound) => bound is null ? [] : [new(field, $"is {bound}; {has}")];
    }

    /// <param name="field">Where the request holds the number.</param>
    internal static IEnumerable<FieldFault> OfMaxNewTokens(string field, int? value) => Check(field, value, tokens => tokens is >= 1 and <= MaxNewTokens, $"1 to {MaxNewTokens}");

    private static IEnumerable<FieldFault> OfStop(IReadOnlyList<string> texts)
    {
        if (texts.Count > MaxStopTexts) yield return new("decoding.stop", $"has {texts.Count} texts; at most {MaxStopTexts} are allowed");
        foreach (var length in texts.Select(static text => text.EnumerateRunes().Count()).Where(static length => length is 0 or > MaxStopCharacters).Take(1))
            yield return new("decoding.stop", $"has a text of {length} characters; expected 1 to {MaxStopCharacters}");
    }

    private static IEnumerable<FieldFault> OfPolicy(RoutingWish wish) => wish.Policy switch
    {
        PolicyWish.Fixed { Scale: null } => [new("routing.fixed.scale", "is missing; expected 1, 9, 36, 144 or 576 visual tokens")],
        PolicyWish.Fixed { Scale: var scale } => CheckScale("routing.fixed.scale", scale),
        PolicyWish.Quality { Risk: var risk } => Check("routing.quality.risk", risk, value => value is >= 0 and <= 1, "0 to 1"),
        PolicyWish.Target { MeanVisualTokens: var mean } =>
            Check("routing.target.mean_visual_tokens", mean, value => value >= 1 && double.IsFinite(value), "a finite number, 1 or more"),
        PolicyWish.Economy economy => OfPrices(economy),
        _ => [],
    };

    private static IEnumerable<FieldFault> OfPrices(PolicyWish.Economy wish)
    {
        (string Field, double? Price)[] prices =
        [
            ("routing.economy.price_per_visual_token", wish.PricePerVisualToken),
            ("routing.economy.price_per_gigaflop", wish.PricePerGigaflop),
            ("routing.economy.price_per_second", wish.PricePerSecond),
        ];
        foreach (var (field, price) in prices)
            foreach (var fault in Check(field, price, value => value >= 0 && double.IsFinite(value), "a finite number, 0 or more")) yield return fault;

        var stated = prices.Where(price => price.Price is not null).ToArray();
        if (stated.Length < 2) yield break;
        foreach (var (field, _) in stated) yield return new(field, "is one of several prices; state one of them");
    }

    private static IEnumerable<FieldFault> OfBounds(RoutingWish wish)
    {
        foreach (var fault in CheckScale("routing.min_scale", wish.MinScale)) yield return fault;
        foreach (var fault in CheckScale("routing.max_scale", wish.MaxScale)) yield return fault;
        if (wish.MinScale > wish.MaxScale)
        {
            yield return new("routing.min_scale", $"is {wish.MinScale}, above max_scale");
            yield return new("routing.max_scale", $"is {wish.MaxScale}, below min_scale");
        }

        if (wish.Policy is not PolicyWish.Fixed) yield break;
        if (wish.MinScale is not null) yield return new("routing.min_scale", "contradicts routing.fixed; leave one of them unset");
        if (wish.MaxScale is not null) yield return new("routing.max_scale", "contradicts routing.fixed; leave one of them unset");
    }

    private static IEnumerable<FieldFault> OfCaps(RoutingWish wish)
    {
        const string field = "routing.caps.visual_tokens";
        var least = wish.Policy is PolicyWish.Fixed { Scale: { } scale } ? (Field: "routing.fixed.scale", Tokens: scale)
            : (Field: "routing.min_scale", Tokens: wish.MinScale ?? VisualScale.Coarsest.Tokens);
        if (wish.Caps.VisualTokens < 1)
        {
            yield return new(field, $"is {wish.Caps.VisualTokens}, below the smallest possible cost of 1; raise it or leave it unset for no cap");
        }
        else if (wish.Caps.VisualTokens < least.Tokens)
        {
            yield return new(field, $"is {wish.Caps.VisualTokens}, below the {least.Tokens} of {least.Field}; raise it or choose a coarser scale");
            yield return new(least.Field, $"is {least.Tokens}, above {field}");
        }

        foreach (var fault in Check("routing.caps.flops", wish.Caps.Flops, value => value > 0 && double.IsFinite(value), "a finite number above 0, or unset"))
            yield return fault;
    }

    private static IEnumerable<FieldFault> OfEscalation(RoutingWish wish)
    {
        const string enabled = "routing.escalation.enabled", max = "routing.escalation.max_escalations";
        var escalation = wish.Escalation;
        foreach (var fault in Check(max, escalation.MaxEscalations, value => value is >= 1 and <= 4, "1 to 4; to switch it off, set enabled = false"))
            yield return fault;

        var against = wish.Policy is PolicyWish.Fixed ? "routing.fixed" : escalation.Enabled is false ? $"{enabled} = false" : null;
        if (against is null) yield break;
        if (escalation.Enabled is true) yield return new(enabled, $"contradicts {against}; leave one of them unset");
        if (escalation.MaxEscalations is not null) yield return new(max, $"contradicts {against}; leave one of them unset");
    }

    private static IEnumerable<FieldFault> CheckScale(string field, int? scale) =>
        Check(field, scale, tokens => VisualScale.TryOf(tokens, out _), "1, 9, 36, 144 or 576 visual tokens");

    private static IEnumerable<FieldFault> Check<T>(string field, T? value, Predicate<T> isValid, string expected)
        where T : struct => value is { } given && !isValid(given) ? [new(field, $"is {given}; expected {expected}")] : [];
}
