namespace M3.Adaptive.Inference.Engine;

/// <summary>Lets an answer's text through up to the first stop text, and keeps back what may be the beginning of one.</summary>
/// <param name="texts">None of them empty.</param>
internal sealed class StopTexts(IReadOnlyList<string> texts)
{
    private string _kept = "";

    /// <summary>Whether a stop text has come; the answer ended before it.</summary>
    public bool HasCome { get; private set; }

    /// <summary>Takes the answer's next text; returns what is certain not to belong to a stop text.</summary>
    public string Add(string text)
    {
        if (texts.Count == 0 || text.Length == 0) return text;
        text = _kept + text;
        var end = texts.Select(stop => text.IndexOf(stop, StringComparison.Ordinal)).Where(static at => at >= 0).DefaultIfEmpty(-1).Min();
        HasCome = end >= 0;
        if (!HasCome) end = text.Length - texts.Max(stop => Begun(stop, text));
        _kept = HasCome ? "" : text[end..];
        return text[..end];
    }

    /// <summary>Ends the answer; returns what was kept back.</summary>
    public string Finish()
    {
        var rest = _kept;
        _kept = "";
        return rest;
    }

    // Characters at the text's end that a stop text begins with, the most there are.
    private static int Begun(string stop, string text)
    {
        var length = Math.Min(stop.Length - 1, text.Length);
        while (length > 0 && !text.EndsWith(stop[..length], StringComparison.Ordinal)) length--;
        return length;
    }
}
