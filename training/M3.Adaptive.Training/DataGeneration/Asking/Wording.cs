using System.Text.RegularExpressions;

namespace M3.Adaptive.Training.DataGeneration.Asking;

/// <summary>One way of asking, as it would be written without capitals, marks and slips.</summary>
/// <param name="Text">With places for the subject's words: {x}, {a}, {many} and those that agree with it.</param>
/// <param name="IsQuestion">A question, which may take a question mark; else a request or a statement.</param>
/// <param name="HeldOut">Never asked of pictures to train on.</param>
internal sealed record Form(string Text, bool IsQuestion, bool HeldOut);

/// <summary>Every form of one question, written down as a small grammar.</summary>
/// <remarks>
/// A line of the grammar begins with what it is: <c>?</c> a question, <c>!</c> a request, <c>=</c> a noun phrase, <c>~</c> an indirect question. Noun
/// phrases and indirect questions are carried by "tell me", "what is", "do you know" and so on, requests by "please" and "could you". <c>(a|b|)</c> is one of
/// several, <c>&lt;pic&gt;</c> a fragment of <see cref="Fragments"/>. What a line says beneath its carriers is a core: one core in five is held out, under every
/// carrier alike, so that a held-out form says in other words what training said, not merely with another "please".
/// </remarks>
internal sealed partial class Wording
{
    private const int HoldOut = 5;

    private static readonly Dictionary<string, string> Fragments = new()
    {
        ["pic"] = "(picture|image|photo)",
        ["in"] = "( in (the|this) (picture|image|photo)|)",
        ["of"] = "( of (the|this) (picture|image|photo)|)",
        ["color"] = "(color|colour)",
        ["chart"] = "( in (the|this) (chart|diagram)|)",
    };

    private static readonly Dictionary<char, string[]> Carriers = new()
    {
        ['?'] = ["?"],
        ['!'] = ["!", "please !", "! please", "could you !", "can you please !", "would you !", "i want you to !"],
        ['='] = ["what is =", "what's =", "tell me =", "please name =", "name =", "can you tell me =", "i would like to know =", "="],
        ['~'] = ["tell me ~", "please say ~", "can you tell me ~", "could you say ~", "do you know ~", "i would like to know ~", "i wonder ~"],
    };

    private readonly Form[][] _lines;            // of each line of the grammar

    /// <param name="grammar">A line a row.</param>
    public Wording(string grammar)
    {
        var cores = grammar.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .SelectMany((line, number) => Expand(Fragment().Replace(line[1..], name => Fragments[name.Groups[1].Value])).Select(core => (Kind: line[0], Text: core, Line: number)))
            .DistinctBy(core => (core.Kind, core.Text)).ToArray();

        // By kind and then by chance, so that each kind gives its fifth.
        var heldOut = cores.OrderBy(core => core.Kind).ThenBy(core => SeededRandom.Hash(core.Text)).Where((_, rank) => rank % HoldOut == HoldOut / 2).ToHashSet();
        _lines = [.. cores.GroupBy(core => core.Line, (_, line) => line.SelectMany(core => Carried(core.Kind, core.Text, heldOut.Contains(core))).ToArray())];
    }

    public IEnumerable<Form> Forms => _lines.SelectMany(line => line);

    /// <summary>A form of one half: a line of the grammar first, so that long lines do not outweigh short ones, then one of its forms.</summary>
    /// <param name="subject">What is asked about; only forms are drawn for which it has the words.</param>
    /// <param name="heldOut">The half.</param>
    public Form Draw(SeededRandom random, Subject subject, bool heldOut)
    {
        while (true)
        {
            var form = random.Pick(random.Pick(_lines));
            if (form.HeldOut == heldOut && subject.Fits(form)) return form;
        }
    }

    private static IEnumerable<Form> Carried(char kind, string core, bool heldOut) =>
        from carrier in Carriers[kind]
        select new Form(carrier.Replace($"{kind}", core), kind == '?' || carrier == "=" || AsksByItself().IsMatch(carrier), heldOut);

    /// <summary>All texts of a pattern with groups.</summary>
    private static IEnumerable<string> Expand(string pattern)
    {
        var inner = InnermostGroup().Match(pattern);
        return inner.Success
            ? inner.Groups[1].Value.Split('|').SelectMany(choice => Expand($"{pattern[..inner.Index]}{choice}{pattern[(inner.Index + inner.Length)..]}"))
            : [Spaces().Replace(pattern, " ").Trim()];
    }

    [GeneratedRegex("<([a-z]+)>")]
    private static partial Regex Fragment();

    [GeneratedRegex(@"\(([^()]*)\)")]
    private static partial Regex InnermostGroup();

    [GeneratedRegex(" +")]
    private static partial Regex Spaces();

    [GeneratedRegex("^(what|can|could|would|do) |^what's")]
    private static partial Regex AsksByItself();
}
