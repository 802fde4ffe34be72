using M3.Adaptive.Training.DataGeneration.Drawing;
using F = M3.Adaptive.Training.DataGeneration.Families;

namespace M3.Adaptive.Training.DataGeneration.Scenes;

/// <summary>Different objects, at most one in each place of the 3 x 3 grid.</summary>
internal sealed class GridScene : ISceneKind
{
    public string Name => Kinds.Grid;

    public IReadOnlyList<string> Families { get; } = [F.Background, F.ObjectAt, F.Where, F.Exists, F.List, F.Inventory];

    public void Paint(Easel easel)
    {
        var random = easel.Random;
        easel.PaintBackground();
        var places = Enumerable.Range(0, 9).ToList();
        random.Shuffle(places);
        var filled = places[..random.Between(3, 9)];
        filled.Sort();
        var shown = new HashSet<Concept>();
        var icons = new Dictionary<int, IconMark>();
        foreach (var place in filled)
        {
            var art = easel.Content.Icon(random, shown);
            var size = random.Chance(0.75) ? easel.IconSize(60, 90) : easel.IconSize(40, 58);
            shown.Add(art.Concept);
            icons[place] = easel.Place(art,
                place % 3 * Places.CellSide + random.Between(2, Places.CellSide - size - 2),
                place / 3 * Places.CellSide + random.Between(2, Places.CellSide - size - 2), size);
        }

        random.Shuffle(filled);
        foreach (var place in filled.Take(3)) AskAt(easel, place, icons[place]);
        if (filled.Count < 9 && random.Chance(0.2))
        {
            easel.Ask(F.ObjectAt, Phrases.ObjectAt, "nothing", 9, Places.Names[places[^1]]);
        }
        random.Shuffle(filled);
        foreach (var place in filled.Take(3)) easel.AskWhere(icons[place]);
        var known = icons[random.Pick(filled)];
        easel.AskExists(known.Art.Concept, known.Size, shown);
        var list = string.Join(", ", icons.OrderBy(entry => entry.Key).Select(entry => $"{Places.Names[entry.Key]} {entry.Value.Art.Concept.Name}"));
        easel.Ask(F.List, Phrases.List, list, 9);
        easel.AskInventory(Phrases.InventoryOfPlaces, () => icons.Select(entry => (entry.Value.Art.Concept.Name, Places.Names[entry.Key])).Concat(easel.Absent(shown)), 9);
    }

    private static void AskAt(Easel easel, int place, IconMark icon) =>
        easel.Ask(F.ObjectAt, Phrases.ObjectAt, icon.Art.Concept.Name, Easel.ExpectedTokens(icon.Size), Places.Names[place]);
}
