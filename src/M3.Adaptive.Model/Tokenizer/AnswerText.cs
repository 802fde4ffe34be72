namespace M3.Adaptive.Model.Tokenizer;

/// <summary>
/// The text of an answer while it is generated: what each id adds. Control ids add nothing, a character whose bytes are not
/// all there yet waits, and so do spaces that may turn out to be the answer's end. All parts together are the decoded answer, trimmed.
/// </summary>
public sealed class AnswerText(SentencePieceTokenizer tokenizer)
{
    private readonly List<int> _ids = [];
    private string _sent = "";

    /// <summary>Takes the next id; returns the text that is now certain.</summary>
    public string Add(int id)
    {
        if (id == tokenizer.UnknownId || id == tokenizer.BeginId || id == tokenizer.EndId) return "";
        _ids.Add(id);
        return Send(Decoded().TrimEnd('\uFFFD'));
    }

    /// <summary>Ends the answer; returns what was still waiting.</summary>
    public string Finish() => Send(Decoded());

    private string Decoded() => tokenizer.Decode([.. _ids]);

    private string Send(string text)
    {
        text = text.Trim();
        if (text.Length <= _sent.Length) return "";
        var added = text[_sent.Length..];
        _sent = text;
        return added;
    }
}
