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
        foreach (var place in filled)
        {
            var art = easel.Content.Icon(random, shown);
            var size = random.Chance(0.75) ? easel.IconSize(60, 90) : easel.IconSize(40, 58);
            shown.Add(art.Concept);
            easel.Place(art,
                place % 3 * Places.CellSide + random.Between(2, Places.CellSide - size - 2),
                place / 3 * Places.CellSide + random.Between(2, Places.CellSide - size - 2), size);
        }

        easel.Shown.Icons = Arrangement.Grid;
    }
}
