using M3.Adaptive.Training.DataGeneration.Drawing;
using F = M3.Adaptive.Training.DataGeneration.Families;

namespace M3.Adaptive.Training.DataGeneration.Scenes;

/// <summary>Two or three of objects, text, a receipt and a chart side by side.</summary>
internal sealed class MixedScene : ISceneKind
{
    private const int Gap = 4;
    private static readonly Layout Split = new("side by side"), Inset = new("side by side, as no part is in training", HeldOut: true);
    private static readonly ISceneKind[] Parts = [new ScatterScene(), new LargeObjectScene(), new SignScene(), new ReceiptScene(), new BarsScene()];
    private static readonly double[] Weights = [0.28, 0.1, 0.3, 0.16, 0.16];

    public string Name => Kinds.Mixed;

    public IReadOnlyList<string> Families { get; } = [F.Background, F.Sign, F.Receipt, F.Bars, F.LargeObject, F.Count, F.Where, F.Exists, F.List, F.Inventory];

    public IReadOnlyList<Layout> Layouts { get; } = [Split, Inset];

    public bool Paint(Easel easel, Box room, Layout layout)
    {
        var random = easel.Random;
        var weights = Weights.ToArray();
        List<Box> rooms = [.. Halves(random, room)];
        if (random.Chance(0.25))
        {
            var larger = rooms.MaxBy(half => half.Width * half.Height);
            rooms.Remove(larger);
            rooms.AddRange(Halves(random, larger));
        }
        foreach (var part in rooms)
        {
            var which = random.PickWeighted(weights);
            weights[which] = 0;
            if (which < 2) (weights[0], weights[1]) = (0, 0);                     // objects come once
            if (!easel.Paint(Parts[which], part)) return false;
        }
        return true;
    }

    private static Box[] Halves(SeededRandom random, Box room)
    {
        var share = random.Between(0.4, 0.6);
        if (room.Width >= room.Height)
        {
            var left = (int)(room.Width * share);
            return [room with { Width = left - Gap }, new(room.X + left + Gap, room.Y, room.Width - left - Gap, room.Height)];
        }
        var top = (int)(room.Height * share);
        return [room with { Height = top - Gap }, new(room.X, room.Y + top + Gap, room.Width, room.Height - top - Gap)];
    }
}
