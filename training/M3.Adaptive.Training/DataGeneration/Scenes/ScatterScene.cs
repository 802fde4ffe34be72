using M3.Adaptive.Training.DataGeneration.Drawing;
using F = M3.Adaptive.Training.DataGeneration.Families;

namespace M3.Adaptive.Training.DataGeneration.Scenes;

/// <summary>One object several times among others, without overlap.</summary>
internal sealed class ScatterScene : ISceneKind
{
    private const int MostCopies = 6, MostOthers = 7;

    private static readonly Layout Strewn = new("strewn"), Rows = new("in rows"), Ring = new("in a ring", HeldOut: true), Diagonal = new("along a diagonal", HeldOut: true);

    public string Name => Kinds.Scatter;

    public IReadOnlyList<string> Families { get; } = [F.Background, F.Count, F.Where, F.Exists, F.List, F.Inventory];

    public IReadOnlyList<Layout> Layouts { get; } = [Strewn, Rows, Ring, Diagonal];

    public bool Paint(Easel easel, Box room, Layout layout)
    {
        var random = easel.Random;
        var copies = random.Between(1, MostCopies);
        var others = random.Between(1, MostOthers);
        var size = Size(easel, room, layout, copies + others);
        if (size < easel.LeastIcon) return false;
        var counted = easel.Content.Icon(random);
        var shown = new HashSet<Concept> { counted.Concept };
        var spots = Spots(easel, room, layout, copies + others, size);
        for (var i = 0; i < spots.Count; i++)
        {
            // What did not find a place is not there: those that are counted come first.
            easel.Place(i < copies ? counted : Other(easel, shown, counted.Concept), spots[i].X, spots[i].Y, size);
        }
        if (spots.Count == 0) return false;
        (easel.Shown.Icons, easel.Shown.Repeated) = (Arrangement.Strewn, counted.Concept);
        return true;
    }

    private static int Size(Easel easel, Box room, Layout layout, int count)
    {
        var area = Math.Sqrt((double)room.Width * room.Height / count);
        var most = layout == Strewn ? 0.75 * area : layout == Rows ? 0.8 * area : Math.Min(room.Width, room.Height) * (layout == Ring ? 1.9 / (count + 3) : 2.2 / (count + 3));
        most = Math.Min(most, Math.Min(room.Width, room.Height));
        return (int)Math.Min(most, Math.Max(easel.LeastIcon, easel.Random.Between(0.14, 0.26) * Math.Max(room.Width, room.Height)));
    }

    /// <summary>Where the objects stand, in any order.</summary>
    private static List<Box> Spots(Easel easel, Box room, Layout layout, int count, int size)
    {
        var random = easel.Random;
        var spots = new List<Box>();
        if (layout == Strewn)
        {
            for (var i = 0; i < count; i++)
            {
                if (easel.FreeBox(room, size, size, spots) is { } box) spots.Add(box);
            }
            return spots;
        }
        if (layout == Rows)
        {
            var columns = Math.Clamp((int)Math.Ceiling(Math.Sqrt(count * (double)room.Width / room.Height)), 1, room.Width / size);
            var rows = Math.Min((count + columns - 1) / columns, room.Height / size);
            spots.AddRange(Enumerable.Range(0, Math.Min(count, columns * rows)).Select(i => new Box(
                room.X + Spread(i % columns, columns, room.Width, size), room.Y + Spread(i / columns, rows, room.Height, size), size, size)));
        }
        else
        {
            var (reachX, reachY) = ((room.Width - size) / 2.0, (room.Height - size) / 2.0);
            var (begin, slope) = (random.Between(0, 2 * Math.PI), random.Chance(0.5) ? 1 : -1);
            for (var i = 0; i < count; i++)
            {
                var (sine, cosine) = Math.SinCos(begin + 2 * Math.PI * i / count);
                var along = count == 1 ? 0 : 2.0 * i / (count - 1) - 1;
                var (x, y) = layout == Ring ? (cosine, sine) : (along, slope * along);
                var box = new Box((int)(room.X + reachX * (1 + x)), (int)(room.Y + reachY * (1 + y)), size, size);
                if (!spots.Exists(other => other.Overlaps(box))) spots.Add(box);
            }
        }
        random.Shuffle(spots);
        return spots;
    }

    /// <summary>Left edge of one of several things that stand evenly apart.</summary>
    private static int Spread(int index, int count, int length, int size) => (int)((index + 0.5) * length / count - size / 2.0);

    /// <summary>A new concept, or now and then one of the earlier others again.</summary>
    private static IconArt Other(Easel easel, HashSet<Concept> shown, Concept counted)
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
