using M3.Adaptive.Core;

namespace M3.Adaptive.Predictor.Features;

/// <summary>
/// What an answer's tokens say about its being right: first the numbers of the first token, then those of the whole answer. All
/// numbers are rounded to half precision, as label tables store them.
/// </summary>
public sealed class AnswerEvidence
{
    /// <summary>Numbers that describe one answer.</summary>
    public const int Count = 11;

    private readonly float[] _values;

    private AnswerEvidence(float[] values) => _values = values;

    /// <summary>
    /// Of the first token: log-probability, margin, entropy. Of all tokens: least, lower-quartile, mean and summed
    /// log-probability, least margin, largest and mean entropy, number of tokens.
    /// </summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>Whether the answer is still growing: a finished one has a token that ends it, too.</summary>
    public bool IsFirstTokenOnly => _values[^1] == 1;

    /// <exception cref="ArgumentOutOfRangeException">The answer has no token.</exception>
    public static AnswerEvidence Of(IReadOnlyList<TokenEvidence> answer)
    {
        ArgumentOutOfRangeException.ThrowIfZero(answer.Count);
        var first = answer[0];
        float[] logs = [.. answer.Select(token => token.LogProbability).Order()];
        float[] values =
        [
            first.LogProbability,
            first.Margin,
            first.Entropy,
            logs[0],
            logs[(logs.Length - 1) / 4],
            logs.Average(),
            logs.Sum(),
            answer.Min(token => token.Margin),
            answer.Max(token => token.Entropy),
            answer.Average(token => token.Entropy),
            answer.Count,
        ];
        HalfPrecision.Round(values);
        return new AnswerEvidence(values);
    }

    /// <summary>Gives what was known when the first token was all there was.</summary>
    public AnswerEvidence FirstTokenOnly()
    {
        var (log, margin, entropy) = (_values[0], _values[1], _values[2]);
        return new AnswerEvidence([log, margin, entropy, log, log, log, log, margin, entropy, entropy, 1]);
    }

    /// <summary>Writes the numbers as text for a label table.</summary>
    public string Encode() => HalfPrecision.Encode(_values);

    /// <exception cref="FormatException">Not what <see cref="Encode"/> gives.</exception>
    public static AnswerEvidence Decode(string text) => new(HalfPrecision.Decode(text, Count));
}
