using M3.Adaptive.Core;

namespace M3.Adaptive.Routing.Requests;

/// <summary>What one scale said: a whole answer, or the first token of one that a finer scale took the place of before it was sent.</summary>
/// <param name="Tokens">First to last; at least one.</param>
internal sealed record ScaleAnswer(IReadOnlyList<TokenEvidence> Tokens)
{
    public string Text => string.Concat(Tokens.Select(token => token.Text));

    public FinishReason Finish => Tokens[^1].Finish;

    public Cost Charged => Cost.Sum(Tokens.Select(token => token.Charged));

    /// <summary>Seconds charged up to the first token.</summary>
    public double PrefillSeconds => Tokens[0].Charged.Seconds;

    /// <summary>Seconds charged for the tokens behind the first.</summary>
    public double DecodeSeconds => Tokens.Skip(1).Sum(token => token.Charged.Seconds);

    public double LogProbability => Tokens.Sum(token => (double)token.LogProbability);
}
