using M3.Adaptive.Training.DataGeneration.Drawing;
using M3.Adaptive.Training.DataGeneration.Scenes;
using F = M3.Adaptive.Training.DataGeneration.Families;

namespace M3.Adaptive.Training.DataGeneration.Asking;

/// <summary>
/// What only training asks: everything in reading order, and what belongs to each of several names. What is read from the picture stands in quotation marks,
/// as it is spelled even where it is a word that the vocabulary knows.
/// </summary>
internal sealed class Recital(SeededRandom random, Content content, Picture picture, SceneContents shown, List<Question> questions)
{
    private readonly Dictionary<Concept, IconMark[]> _icons = picture.Icons.GroupBy(icon => icon.Art.Concept).ToDictionary(group => group.Key, group => group.ToArray());

    public void Ask()
    {
        Ask(F.List, Wordings.List, string.Join(", ", [.. Texts(), .. Icons(), .. Lines(), .. Bars()]), Tokens);
        if (shown.Icons == Arrangement.Grid)
            AskInventory(Wordings.PlacesOfAll, () => picture.Icons.Select(icon => (icon.Art.Concept.Name, PlaceOf(icon))).Concat(Absent(Question.NotThere)));
        if (shown.Icons == Arrangement.Strewn) AskInventory(Wordings.CountsOfAll, () => _icons.Select(entry => (entry.Key.Name, $"{entry.Value.Length}")).Concat(Absent("0")));
        if (shown.Lines.Count > 0)
        {
            AskInventory(Wordings.PricesOfAll, () => shown.Lines.Select(line => (line.Item, line.Price)));
            AskInventory(Wordings.ItemsOfAll, () => shown.Lines.Select(line => (line.Price, $"\"{line.Item}\"")));
        }

        if (shown.Bars.Count > 0) AskInventory(Wordings.ValuesOfAll, () => shown.Bars.Select(bar => (bar.Color, $"{bar.Value}")));
    }

    private IEnumerable<string> Texts() => shown.Texts.OrderBy(text => text.Place.Y).ThenBy(text => text.Place.X)
        .Select(text => text.Sign is { } color ? $"{color} sign \"{text.Text}\"" : $"text \"{text.Text}\"");

    private IEnumerable<string> Icons() => shown.Icons switch
    {
        Arrangement.OneLarge when shown.Large is { } large => picture.Icons.Where(icon => icon != large)
            .OrderBy(icon => Places.Of(picture, icon)).ThenBy(icon => icon.Y).Select(icon => icon.Art.Concept.Name).Prepend($"large {large.Art.Concept.Name}"),
        Arrangement.Grid => picture.Icons.OrderBy(icon => Places.Of(picture, icon)).Select(icon => $"{PlaceOf(icon)} {icon.Art.Concept.Name}"),
        Arrangement.Strewn => _icons.OrderByDescending(entry => entry.Value.Length).ThenBy(entry => entry.Key.Name, StringComparer.Ordinal)
            .Select(entry => $"{entry.Key.Name} {entry.Value.Length}"),
        _ => picture.Icons.Select(icon => icon.Art.Concept.Name),
    };

    private IEnumerable<string> Lines() => shown.Lines.Select(line => $"\"{line.Item}\" {line.Price}");

    private IEnumerable<string> Bars() => shown.Bars.Select(bar => $"{bar.Color} bar {bar.Value}");

    /// <summary>As of the finest thing.</summary>
    private int Tokens => shown.Texts.Select(text => text.Tokens).Concat(shown.Lines.Select(line => line.Tokens)).Concat(shown.Bars.Select(bar => bar.Tokens))
        .Append(shown.Icons switch { Arrangement.None => 1, Arrangement.Grid => 9, _ => 36 }).Max();

    /// <summary>Asks for what belongs to each name, twice, in two orders; absent names are drawn anew each time.</summary>
    private void AskInventory(string[] wordings, Func<IEnumerable<(string Name, string Answer)>> entries)
    {
        for (var order = 0; order < 2; order++)
        {
            var list = entries().Select(entry => $"[{entry.Name}] {entry.Answer}").ToList();
            random.Shuffle(list);
            Ask(F.Inventory, wordings, string.Join(", ", list), Tokens);
        }
    }

    /// <summary>One to three concepts that the picture does not show.</summary>
    private IEnumerable<(string Name, string Answer)> Absent(string answer)
    {
        var taken = _icons.Keys.ToHashSet();
        for (var i = random.Between(1, 3); i > 0; i--)
        {
            var concept = content.Icon(random, taken).Concept;
            taken.Add(concept);
            yield return (concept.Name, answer);
        }
    }

    private void Ask(string family, string[] wordings, string answer, int tokens) => questions.Add(new(family, random.Pick(wordings), answer, tokens));

    private string PlaceOf(IconMark icon) => Places.Names[Places.Of(picture, icon)];
}
