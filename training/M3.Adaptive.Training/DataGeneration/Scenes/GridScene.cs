using M3.Adaptive.Training.DataGeneration.Drawing;
using F = M3.Adaptive.Training.DataGeneration.Families;

namespace M3.Adaptive.Training.DataGeneration.Scenes;

/// <summary>Different objects, at most one in each place of the 3 x 3 grid.</summary>
internal sealed class GridScene : ISceneKind
{
    private static readonly Layout Loose = new("anywhere in their places"), Middles = new("in the middle of their places"),
        Tiles = new("on tiles", HeldOut: true), Lines = new("between lines", HeldOut: true);

    public string Name => Kinds.Grid;

    public IReadOnlyList<string> Families { get; } = [F.Background, F.ObjectAt, F.Where, F.Exists, F.List, F.Inventory];

    public IReadOnlyList<Layout> Layouts { get; } = [Loose, Middles, Tiles, Lines];

    public bool Paint(Easel easel, Box room, Layout layout)
    {
        var random = easel.Random;
        var frame = easel.Picture.Frame;
        var (width, height) = (frame.Width / 3.0, frame.Height / 3.0);
        var largest = (int)(Math.Min(width, height) * 0.92);
        if (largest < easel.LeastIcon) return false;
        if (layout == Lines) PaintLines(easel);
        var tile = easel.OtherColor();
        var places = random.Draw(Enumerable.Range(0, 9), random.Between(3, 9));
        places.Sort();
        var shown = new HashSet<Concept>();
        foreach (var place in places)
        {
            var art = easel.Content.Icon(random, shown);
            shown.Add(art.Concept);
            var size = Math.Max(easel.LeastIcon, (int)(largest * (random.Chance(0.75) ? random.Between(0.7, 1.0) : random.Between(0.45, 0.68))));
            var (freeX, freeY) = (width - size, height - size);
            var (alongX, alongY) = layout == Loose ? (random.NextDouble(), random.NextDouble()) : (0.5, 0.5);
            var (x, y) = ((int)(place % 3 * width + alongX * freeX), (int)(place / 3 * height + alongY * freeY));
            if (layout == Tiles) easel.Picture.Shapes.Add(new RectangleMark(Around(x, y, size, Math.Min(freeX, freeY)), Palette.Shade(tile, random), random.Between(0, 10)));
            easel.Place(art, x, y, size);
        }

        easel.Shown.Icons = Arrangement.Grid;
        return true;
    }

    private static Box Around(int x, int y, int size, double free)
    {
        var reach = (int)Math.Min(free / 2, 6);
        return new(x - reach, y - reach, size + 2 * reach, size + 2 * reach);
    }

    private static void PaintLines(Easel easel)
    {
        var (frame, ink) = (easel.Picture.Frame, easel.InkOn(easel.Background));
        for (var i = 1; i < 3; i++)
        {
            var (x, y) = (frame.Width * i / 3.0, frame.Height * i / 3.0);
            easel.Picture.Shapes.Add(new LineMark(x, 0, x, frame.Height, ink, 1.5));
            easel.Picture.Shapes.Add(new LineMark(0, y, frame.Width, y, ink, 1.5));
        }
    }
}
