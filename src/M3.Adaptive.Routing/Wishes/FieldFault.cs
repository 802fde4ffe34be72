namespace M3.Adaptive.Routing.Wishes;

/// <summary>One field of the request and what is wrong with it.</summary>
/// <param name="Field">Path in the wire contract, for example <c>routing.caps.visual_tokens</c>.</param>
/// <param name="Problem">Found and expected value, and the remedy.</param>
public sealed record FieldFault(string Field, string Problem);
