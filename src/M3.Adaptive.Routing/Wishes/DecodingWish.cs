namespace M3.Adaptive.Routing.Wishes;

/// <summary>How the caller wants tokens chosen, as it was sent. Null means that the caller left it open; nothing is checked yet.</summary>
/// <param name="MaxNewTokens">1 to 1024.</param>
/// <param name="Temperature">0 (greedy) to 2.</param>
/// <param name="TopP">Above 0, up to 1.</param>
/// <param name="Seed">Any value.</param>
public sealed record DecodingWish(int? MaxNewTokens, float? Temperature, float? TopP, long? Seed)
{
    public static DecodingWish Default { get; } = new(null, null, null, null);

    /// <summary>Texts that end the answer; up to 8, each of 1 to 64 characters.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];
}
