using System.Text.RegularExpressions;
using M3.Adaptive.Training.DataGeneration.Drawing;

namespace M3.Adaptive.Training.DataGeneration.Strange;

/// <summary>
/// Asks a generated question in words that no data set of ours uses, for a look at requests unlike them. What is asked, and so the answer, stays the same; it is
/// read from the family, the answer and the names in the question, not from its wording.
/// </summary>
internal static partial class OtherWordings
{
    private static readonly string[] Places = ["top left", "top right", "bottom left", "bottom right", "top", "left", "center", "right", "bottom"];

    private static readonly string[] Concepts = [.. DataLists.Concepts.Select(concept => concept.Name).OrderByDescending(name => name.Length)];

    private static readonly string[] Goods = [.. DataLists.Items.Concat(DataLists.Words).OrderByDescending(name => name.Length)];

    /// <summary>The question in other words, with the picture and answers it had; null when its names are not found.</summary>
    /// <param name="choice">Which of the family's wordings.</param>
    public static CommandLine.Question? Of(CommandLine.Question question, int choice)
    {
        var (name, wordings) = Ask(question);
        return name is null ? null : question with { Text = string.Format(wordings[choice % wordings.Length], name), Axes = null };
    }

    /// <summary>The name that the question is about (empty where it needs none, null where it is not found) and how else to ask.</summary>
    private static (string? Name, string[] Wordings) Ask(CommandLine.Question question)
    {
        var (text, number) = (question.Text.ToLowerInvariant(), Number().Match(question.Text));
        var color = Find(Palette.Names, text);
        return question.Category switch
        {
            Families.Background => ("", ["tell me the hue everything got painted upon", "what hue did the artist put at the very back"]),
            Families.LargeObject => ("", ["what dominates this image", "describe the main subject using few words"]),
            Families.ObjectAt => (Find(Places, text), ["which item occupies the {0} area", "concerning the {0} region, what sits over there"]),
            Families.Where => (Find(Concepts, text), ["whereabouts would one spot the {0}", "towards which side should i look for the {0}"]),
            Families.Exists => (Find(Concepts, text), ["any {0} around here", "would you say some {0} turned up somewhere"]),
            Families.Count when text.Contains("bar") => ("", ["columns plotted altogether", "tally up every column please"]),
            Families.Count => (Find(Concepts, text), ["tally of {0} please", "copies of {0} spotted altogether"]),
            Families.Sign when color is not null => (color, ["transcribe the {0} plate", "which characters does the {0} plate carry"]),
            Families.Sign => ("", ["transcribe the lettering", "which characters got put onto that plate"]),
            Families.Receipt when number.Success => (number.Value, ["{0} coins get me which product", "name your purchase given exactly {0} coins"]),
            Families.Receipt => (Find(Goods, text), ["{0} goes for how much money", "how many coins would somebody be billed for {0}"]),
            Families.Bars when number.Success => (number.Value, ["{0} would be the figure of which column", "whose column comes to {0}"]),
            Families.Bars when color is not null => (color, ["give me the figure for the {0} column", "the {0} column comes to how much"]),
            Families.Bars when Highest().IsMatch(text) => ("", ["which column towers over all others", "whose column rises furthest"]),
            Families.Bars => ("", ["which column stays below all others", "whose column rises least"]),
            _ => (null, []),
        };
    }

    // The longest first: "red apple" before "apple", "top left" before "top".
    private static string? Find(IEnumerable<string> names, string text) => names.FirstOrDefault(name => Regex.IsMatch(text, $@"\b{Regex.Escape(name)}(s|es)?\b"));

    [GeneratedRegex(@"\b\d+\b")]
    private static partial Regex Number();

    [GeneratedRegex(@"\b(highest|tallest|longest)\b")]
    private static partial Regex Highest();
}
