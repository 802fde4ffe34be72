using M3.Adaptive.Training.DataGeneration.Drawing;
using M3.Adaptive.Training.DataGeneration.Scenes;
using F = M3.Adaptive.Training.DataGeneration.Families;

namespace M3.Adaptive.Training.DataGeneration.Asking;

/// <summary>Asks all that a picture allows, and now and then what it does not: the answer then is <see cref="Question.NotThere"/>, no or 0.</summary>
internal sealed class Interviewer(SeededRandom random, Content content, Mix mix, Picture picture, SceneContents shown)
{
    private readonly List<Question> _questions = [];
    private readonly Dictionary<Concept, IconMark[]> _icons = picture.Icons.GroupBy(icon => icon.Art.Concept).ToDictionary(group => group.Key, group => group.ToArray());

    /// <summary>The questions, those of one thing together.</summary>
    public IReadOnlyList<Question> Ask()
    {
        Ask(F.Background, Wordings.Background, Subject.None, shown.Background, 1);
        if (shown.Large is { } large) AskLarge(large);
        if (shown.Icons == Arrangement.Grid) AskPlaces();
        if (_icons.Count > 0) AskIcons();
        if (shown.Texts.Count > 0) AskTexts();
        if (shown.Lines.Count > 0) AskLines();
        if (shown.Bars.Count > 0) AskBars();
        if (random.Chance(mix.ForeignQuestions)) AskForeign();
        new Recital(random, content, picture, shown, _questions).Ask();
        return _questions;
    }

    private void AskLarge(IconMark large)
    {
        var tokens = large.Size >= 190 ? 1 : 9;
        for (var i = 0; i < 2; i++) Ask(F.LargeObject, Wordings.LargeObject, Subject.None, large.Art.Concept.Name, tokens, content.NoveltyOf(large.Art));
    }

    private void AskPlaces()
    {
        var at = picture.Icons.ToDictionary(icon => Places.Of(picture, icon));
        var empty = Enumerable.Range(0, Places.Names.Count).Where(place => !at.ContainsKey(place)).ToArray();
        foreach (var (place, icon) in random.Draw(at, Math.Min(3, at.Count)))
        {
            if (empty.Length > 0 && random.Chance(mix.Absent)) AskAbsent(F.ObjectAt, Wordings.ObjectAt, new(Places.Names[random.Pick(empty)]), 9);
            else Ask(F.ObjectAt, Wordings.ObjectAt, new(Places.Names[place]), icon.Art.Concept.Name, Easel.ExpectedTokens(icon.Size), content.NoveltyOf(icon.Art));
        }
    }

    private void AskIcons()
    {
        var single = _icons.Where(entry => entry.Value is [var icon] && Places.IsClear(picture, icon)).Select(entry => entry.Value[0]).ToList();
        var wheres = shown.Icons switch { Arrangement.Grid => 3, Arrangement.OneLarge => 0, _ => 2 };
        foreach (var icon in random.Draw(single, Math.Min(wheres, single.Count)))
        {
            var tokens = Easel.ExpectedTokens(icon.Size);
            if (random.Chance(mix.Absent)) AskAbsent(F.Where, Wordings.Where, new(Absent().Name), tokens);
            else Ask(F.Where, Wordings.Where, new(icon.Art.Concept.Name), Places.Names[Places.Of(picture, icon)], tokens, content.NoveltyOf(icon.Art));
        }

        var known = shown.Large is { } large && (picture.Icons.Count == 1 || random.Chance(0.5)) ? large
            : random.Pick(picture.Icons.Where(icon => picture.Icons.Count == 1 || icon != shown.Large).ToArray());
        Ask(F.Exists, Wordings.Exists, new(known.Art.Concept.Name), "yes", Easel.ExpectedTokens(known.Size), content.NoveltyOf(known.Art));
        Ask(F.Exists, Wordings.Exists, new(Absent().Name), "no", Easel.ExpectedTokens(known.Size));
        if (shown.Repeated is { } repeated) AskCounts(repeated);
    }

    private void AskCounts(Concept repeated)
    {
        AskCount(repeated);
        // Other concepts mostly come once; asked for as often as the rest, they would make "1" the answer to expect.
        var others = _icons.Keys.Where(concept => concept != repeated && (_icons[concept].Length > 1 || random.Chance(0.1))).ToArray();
        if (random.Chance(mix.Absent)) Ask(F.Count, Wordings.Count, new(Absent().Name), "0", 36);
        else if (others.Length > 0) AskCount(random.Pick(others));
    }

    private void AskCount(Concept concept)
    {
        var icons = _icons[concept];
        var tokens = Math.Max(36, Easel.ExpectedTokens(icons.Min(icon => icon.Size)));
        Ask(F.Count, Wordings.Count, new(concept.Name), $"{icons.Length}", tokens, icons.Aggregate(Novelty.None, (all, icon) => all | content.NoveltyOf(icon.Art)));
    }

    private void AskTexts()
    {
        foreach (var text in shown.Texts)
        {
            var novelty = NoveltyOf(text.Face) | Content.NoveltyOf(text.Text);
            if (text.Sign is { } color)
            {
                if (random.Chance(mix.Absent)) AskAbsent(F.Sign, Wordings.ColoredSign, new(Other(shown.Texts.Select(other => other.Sign))), text.Tokens);
                else if (shown.Texts.Count(other => other.Sign == color) == 1) Read(Wordings.ColoredSign, new(color));
            }

            // Where other things bear text, too, "what is written here" may mean any of it.
            if (shown.Texts.Count > 1 || shown.Lines.Count > 0 || shown.Bars.Count > 0) continue;
            Read(text.Sign is null || random.Chance(0.3) ? Wordings.Text : Wordings.Sign, Subject.None);
            if (text.Kind != TextKind.Code) Read(Wordings.TextKind, new(text.Kind == TextKind.Word ? "word" : "number"));

            void Read(Wording wording, Subject subject) => Ask(F.Sign, wording, subject, text.Text, text.Tokens, novelty);
        }
    }

    private void AskLines()
    {
        var lines = shown.Lines.ToArray();
        foreach (var line in random.Draw(lines, Math.Min(4, lines.Length)))
        {
            if (random.Chance(mix.Absent)) AskAbsent(F.Receipt, Wordings.Price, new(AbsentWare()), line.Tokens);
            else Ask(F.Receipt, Wordings.Price, new(line.Item), line.Price, line.Tokens, NoveltyOf(line.Face) | Content.NoveltyOf(line.Item));
        }

        foreach (var line in random.Draw(lines, Math.Min(4, lines.Length)))
        {
            if (random.Chance(mix.Absent)) AskAbsent(F.Receipt, Wordings.Item, new(Number(lines.Select(other => other.Price))), line.Tokens);
            else Ask(F.Receipt, Wordings.Item, new(line.Price), line.Item, line.Tokens, NoveltyOf(line.Face) | Content.NoveltyOf(line.Item));
        }
    }

    private void AskBars()
    {
        var bars = shown.Bars.OrderBy(bar => bar.Value).ToArray();
        AskExtreme(shown.BarsLie ? "longest" : "highest", bars[^1], bars[^2]);
        AskExtreme(shown.BarsLie ? "shortest" : "lowest", bars[0], bars[1]);
        random.Shuffle(bars);
        foreach (var bar in bars.Take(3))
        {
            if (random.Chance(mix.Absent)) AskAbsent(F.Bars, Wordings.BarValue, new(Other(bars.Select(other => other.Color))), bar.Tokens);
            else Ask(F.Bars, Wordings.BarValue, new(bar.Color), $"{bar.Value}", bar.Tokens, NoveltyOf(bar.Face));
        }

        var last = bars[^1];
        if (random.Chance(mix.Absent)) AskAbsent(F.Bars, Wordings.BarOfValue, new(Number(bars.Select(bar => $"{bar.Value}"))), last.Tokens);
        else Ask(F.Bars, Wordings.BarOfValue, new($"{last.Value}"), last.Color, last.Tokens, NoveltyOf(last.Face));
        Ask(F.Count, Wordings.Count, new("bar") { OnlyMany = true }, $"{bars.Length}", 36);
    }

    private void AskExtreme(string which, ShownBar winner, ShownBar next) =>
        Ask(F.Bars, Wordings.Extreme, new(which), winner.Color, Math.Abs(winner.Length - next.Length) switch { >= 48 => 9, >= 20 => 36, _ => 144 });

    /// <summary>A question that belongs to another kind of picture. It needs as many tokens as where there is an answer: else coarse lessons would say that there never is.</summary>
    private void AskForeign()
    {
        List<(string Family, Wording Wording, Subject Subject)> foreign = [];
        if (picture.Icons.Count == 0) foreign.Add((F.LargeObject, Wordings.LargeObject, Subject.None));
        if (shown.Texts.Count == 0) foreign.Add(random.Chance(0.5) ? (F.Sign, Wordings.Sign, Subject.None) : (F.Sign, Wordings.ColoredSign, new(Other([]))));
        if (shown.Lines.Count == 0) foreign.Add(random.Chance(0.5) ? (F.Receipt, Wordings.Price, new(AbsentWare())) : (F.Receipt, Wordings.Item, new(Number([]))));
        if (shown.Bars.Count == 0) foreign.Add(random.Chance(0.5) ? (F.Bars, Wordings.Extreme, new(random.Pick(["highest", "lowest"]))) : (F.Bars, Wordings.BarValue, new(Other([]))));
        if (foreign.Count == 0) return;
        // Few pictures have no icon at all, so these are mostly asked for one.
        var (family, wording, subject) = random.Chance(0.5) ? foreign[0] : random.Pick(foreign);
        AskAbsent(family, wording, subject, family == F.LargeObject || wording == Wordings.Extreme ? 9 : 144);
    }

    private void AskAbsent(string family, Wording wording, Subject subject, int tokens) => Ask(family, wording, subject, Question.NotThere, tokens);

    private void Ask(string family, Wording wording, Subject subject, string answer, int tokens, Novelty novelty = Novelty.None)
    {
        var form = wording.Draw(random, subject, heldOut: random.Chance(mix.HeldOutWordings));
        if (form.HeldOut) novelty |= Novelty.Wordings;
        if (shown.NewLayout) novelty |= Novelty.Layouts;
        _questions.Add(new(family, Typing.Type(form, subject, random), answer, tokens) { About = subject.Name, New = novelty });
    }

    private Concept Absent() => content.Icon(random, _icons.Keys.ToHashSet()).Concept;

    private string AbsentWare()
    {
        string ware;
        do ware = content.Wares(random, 1)[0];
        while (shown.Lines.Any(line => line.Item == ware));
        return ware;
    }

    private string Other(IEnumerable<string?> taken) => random.Pick(Palette.Names.Except(taken).ToArray())!;    // a palette holds more colours than a picture, and no null

    private string Number(IEnumerable<string> taken) => random.Pick(Enumerable.Range(2, 98).Select(number => $"{number}").Except(taken).ToArray());

    private static Novelty NoveltyOf(Typeface face) => face.HeldOut ? Novelty.Typefaces : Novelty.None;
}
