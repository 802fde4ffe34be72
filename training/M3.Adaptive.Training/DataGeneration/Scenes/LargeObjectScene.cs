using M3.Adaptive.Training.DataGeneration.Drawing;
using F = M3.Adaptive.Training.DataGeneration.Families;

namespace M3.Adaptive.Training.DataGeneration.Scenes;

/// <summary>One large object, often off centre, with up to five small ones around it.</summary>
internal sealed class LargeObjectScene : ISceneKind
{
    public string Name => Kinds.LargeObject;

    public IReadOnlyList<string> Families { get; } = [F.Background, F.LargeObject, F.Exists, F.List];

    public void Paint(Easel easel)
    {
        var random = easel.Random;
        easel.PaintBackground();
        var size = easel.IconSize(120, 246);
        var free = Scene.Side - size - 4;
        var art = easel.Content.Icon(random);
        var large = easel.Place(art, 2 + random.Between(0, free), 2 + random.Between(0, free), size);
        var shown = new HashSet<Concept> { art.Concept };
        var taken = new List<Box> { large.Box };
        for (var i = random.Between(0, 5); i > 0; i--)
        {
            var smallSize = easel.IconSize(36, 56);
            if (easel.FreeBox(smallSize, smallSize, taken) is not { } box) continue;
            var other = easel.Content.Icon(random, shown);
            shown.Add(other.Concept);
            taken.Add(box);
            easel.Place(other, box.X, box.Y, smallSize);
        }

        (easel.Shown.Icons, easel.Shown.Large) = (Arrangement.OneLarge, large);
    }
}
