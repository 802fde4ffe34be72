using System.Globalization;

namespace M3.Adaptive.Predictor.Features;

/// <summary>
/// Reduces an answer's text to numbers: length, all digits, its value as a number or -1, is it yes or no, is it yes, has it a space, is it
/// one of the answers for what is not there, and a flag for one of a dozen buckets that its hash falls into.
/// </summary>
internal static class AnswerTextFeatures
{
    private const int Buckets = 12;
    private const int MostDigits = 9;

    public const int Count = 7 + Buckets;

    public static void Write(string answer, Span<float> features)
    {
        features.Clear();
        var text = answer.Trim().ToLowerInvariant();
        var isNumber = text.Length is > 0 and <= MostDigits && text.All(char.IsAsciiDigit);
        features[0] = text.Length;
        features[1] = isNumber ? 1 : 0;
        features[2] = isNumber ? int.Parse(text, CultureInfo.InvariantCulture) : -1;
        features[3] = text is "yes" or "no" ? 1 : 0;
        features[4] = text is "yes" ? 1 : 0;
        features[5] = text.Contains(' ') ? 1 : 0;
        features[6] = text is "nothing" or "not there" ? 1 : 0;
        features[7 + (int)(StableHash.Of(text) % Buckets)] = 1;
    }
}
