namespace M3.Adaptive.Model.Tokenizer;

/// <summary>
/// The text of an answer while it is generated: what each id adds. Control ids add nothing, a character whose bytes are not
/// all there yet waits, and so do spaces that may turn out to be the answer's end. All parts together are the decoded answer,
/// trimmed as the reference trims it.
/// </summary>
public sealed class AnswerText(SentencePieceTokenizer tokenizer)
{
    private readonly List<int> _ids = [];
    private string _sent = "";

    /// <summary>Takes the next id; returns the text that is now certain.</summary>
    /// <param name="id">Of a piece, or of a row that the model's vocabulary has beyond the tokenizer's: those add nothing.</param>
    public string Add(int id)
    {
        if (id == tokenizer.UnknownId || id == tokenizer.BeginId || id == tokenizer.EndId || id >= tokenizer.VocabularySize) return "";
        _ids.Add(id);
        return Send(Decoded().TrimEnd('\uFFFD'));
    }

    /// <summary>Ends the answer; returns what was still waiting.</summary>
    public string Finish() => Send(Decoded());

    private string Decoded() => tokenizer.Decode([.. _ids]);

    private string Send(string text)
    {
        text = Trim(text);
        if (text.Length <= _sent.Length) return "";
        var added = text[_sent.Length..];
        _sent = text;
        return added;
    }

    private static string Trim(string text)
    {
        var (start, end) = (0, text.Length);
        while (start < end && IsSpace(text[start])) start++;
        while (end > start && IsSpace(text[end - 1])) end--;
        return text[start..end];
    }

    // Python's str.strip takes the four ASCII separators too, which are no white space to .NET.
    private static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\x1c' and <= '\x1f';
}
