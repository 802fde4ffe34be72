using System.Text;

namespace M3.Adaptive.Predictor.Features;

/// <summary>Cuts a question into words.</summary>
internal static class QuestionWords
{
    /// <summary>Runs of letters and digits, in lower case.</summary>
    public static List<string> Of(string question)
    {
        List<string> words = [];
        var word = new StringBuilder();
        foreach (var letter in question.ToLowerInvariant() + " ")
        {
            if (char.IsLetterOrDigit(letter))
            {
                word.Append(letter);
            }
            else if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }

        return words;
    }
}
