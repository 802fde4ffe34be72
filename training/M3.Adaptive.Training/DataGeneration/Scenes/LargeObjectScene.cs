using M3.Adaptive.Training.DataGeneration.Drawing;
using F = M3.Adaptive.Training.DataGeneration.Families;

namespace M3.Adaptive.Training.DataGeneration.Scenes;

/// <summary>One large object, often off centre, with up to five small ones around it.</summary>
internal sealed class LargeObjectScene : ISceneKind
{
    private static readonly Layout Free = new("anywhere"), Framed = new("in a frame"), Disc = new("on a disc", HeldOut: true), Shelf = new("above a row", HeldOut: true);

    public string Name => Kinds.LargeObject;

    public IReadOnlyList<string> Families { get; } = [F.Background, F.LargeObject, F.Exists, F.List];

    public IReadOnlyList<Layout> Layouts { get; } = [Free, Framed, Disc, Shelf];

    public bool Paint(Easel easel, Box room, Layout layout)
    {
        var random = easel.Random;
        var side = Math.Min(room.Width, room.Height);
        var size = (int)(side * (layout == Shelf ? random.Between(0.45, 0.68) : random.Between(0.45, 0.86)));
        var smallest = Math.Max(easel.LeastIcon, size / 6);
        var largest = Math.Min((size - 1) / 2, Math.Max(smallest, side / 5));      // less than half as large
        if (largest < smallest) return false;
        var place = new Box(room.X, room.Y, room.Width - size, layout == Shelf ? room.Height - size - largest - 6 : room.Height - size);
        if (place.Height < 0) return false;
        var (x, y) = (place.X + random.Between(0, place.Width), place.Y + random.Between(0, place.Height));
        PaintBehind(easel, layout, new(x, y, size, size));
        var art = easel.Content.Icon(random);
        var large = easel.Place(art, x, y, size);

        var shown = new HashSet<Concept> { art.Concept };
        var taken = new List<Box> { large.Box };
        for (var i = random.Between(0, 5); i > 0; i--)
        {
            var small = random.Between(smallest, largest);
            var free = layout == Shelf ? new Box(room.X, room.Bottom - largest, room.Width, largest) : room;
            if (easel.FreeBox(free, small, small, taken) is not { } box) continue;
            var other = easel.Content.Icon(random, shown);
            shown.Add(other.Concept);
            taken.Add(box);
            easel.Place(other, box.X, box.Y, small);
        }

        (easel.Shown.Icons, easel.Shown.Large) = (Arrangement.OneLarge, large);
        return true;
    }

    private static void PaintBehind(Easel easel, Layout layout, Box box)
    {
        var shade = Palette.Shade(easel.OtherColor(), easel.Random);
        if (layout == Disc) easel.Picture.Shapes.Add(new EllipseMark(box, shade));
        if (layout == Framed && easel.Random.Chance(0.5))
            easel.Picture.Shapes.Add(new RectangleMark(box, easel.Background.Towards(new(255, 255, 255), 0.15), easel.Random.Between(0, 12), shade, easel.Random.Between(2, 5)));
    }
}
