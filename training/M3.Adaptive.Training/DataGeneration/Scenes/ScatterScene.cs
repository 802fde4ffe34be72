using M3.Adaptive.Training.DataGeneration.Drawing;
using F = M3.Adaptive.Training.DataGeneration.Families;

namespace M3.Adaptive.Training.DataGeneration.Scenes;

/// <summary>One object several times among distractors, strewn without overlap.</summary>
internal sealed class ScatterScene : ISceneKind
{
    private const int MostCopies = 6;

    public string Name => Kinds.Scatter;

    public IReadOnlyList<string> Families { get; } = [F.Background, F.Count, F.Where, F.Exists, F.List, F.Inventory];

    public void Paint(Easel easel)
    {
        var random = easel.Random;
        easel.PaintBackground();
        var size = easel.IconSize(40, 68);
        var counted = easel.Content.Icon(random);
        var icons = new List<IconMark>();
        PlaceSome(easel, icons, random.Between(1, MostCopies), size, () => counted);
        var shown = new HashSet<Concept> { counted.Concept };
        PlaceSome(easel, icons, random.Between(1, 7), size, () => Distractor(easel, shown, counted.Concept));

        (easel.Shown.Icons, easel.Shown.Repeated) = (Arrangement.Strewn, counted.Concept);
    }

    private static void PlaceSome(Easel easel, List<IconMark> icons, int count, int size, Func<IconArt> next)
    {
        for (var i = 0; i < count; i++)
        {
            if (easel.FreeBox(size, size, icons.Select(icon => icon.Box)) is { } box) icons.Add(easel.Place(next(), box.X, box.Y, size));
        }
    }

    /// <summary>A new concept, or now and then one of the earlier distractors again.</summary>
    private static IconArt Distractor(Easel easel, HashSet<Concept> shown, Concept counted)
    {
        if (shown.Count > 1 && easel.Random.Chance(0.25))
        {
            return easel.Content.IconOf(easel.Random.Pick(shown.Where(concept => concept != counted).ToList()), easel.Random);
        }
        var art = easel.Content.Icon(easel.Random, shown);
        shown.Add(art.Concept);
        return art;
    }
}
