using M3.Adaptive.Model.Imaging;
using M3.Adaptive.Training.DataGeneration.Axes;
using M3.Adaptive.Training.DataGeneration.Drawing;
using F = M3.Adaptive.Training.DataGeneration.Families;

namespace M3.Adaptive.Training.DataGeneration.Scenes;

/// <summary>A bar chart: bars of different colours and values, upright or lying, the value at the end of each.</summary>
internal sealed class BarsScene : ISceneKind
{
    private const int MostBars = 6, FewestBars = 2, Pad = 6;

    private static readonly Layout Plain = new("on the background"), Panel = new("on a panel"),
        Inside = new("values inside the bars", HeldOut: true), Ruled = new("on ruled lines", HeldOut: true);

    public string Name => Kinds.Bars;

    public IReadOnlyList<string> Families { get; } = [F.Background, F.Bars, F.Count, F.List, F.Inventory];

    public IReadOnlyList<Layout> Layouts { get; } = [Plain, Panel, Inside, Ruled];

    public bool Paint(Easel easel, Box room, Layout layout)
    {
        var random = easel.Random;
        var lies = AxisTable.BarDirection.Draw(random);
        var (lowest, highest, apart) = AxisTable.BarDigits.Draw(random);
        var chart = new Box(room.X + Pad, room.Y + Pad, room.Width - 2 * Pad, room.Height - 2 * Pad);
        for (var count = random.Between(FewestBars, MostBars); count >= FewestBars; count--)
        {
            // Along the bars lies their length and the value; across them, a slot for each.
            var (along, across) = lies ? (chart.Width, chart.Height) : (chart.Height, chart.Width);
            var slot = across / count;
            var style = easel.TextStyle(TextLine.LargestSize);
            var one = style with { Size = 1 };
            var widest = one.Width(highest.ToString());
            var fitting = lies ? Math.Min(slot * 0.95, along * 0.4 / widest) : Math.Min((slot - 2) / widest, along * 0.35);
            if (fitting < easel.LeastText) continue;
            style = style with { Size = Math.Min(style.Size, Math.Floor(fitting)) };
            var longest = along - (lies ? style.Width(highest.ToString()) : style.Height) - 12;
            Draw(easel, chart, layout, new(lies, slot, style, longest / highest), Values(random, count, lowest, highest, apart));
            return true;
        }
        return false;
    }

    private static List<int> Values(SeededRandom random, int count, int lowest, int highest, int apart)
    {
        var values = new List<int>();
        while (values.Count < count)
        {
            var value = random.Between(lowest, highest);
            if (values.TrueForAll(other => Math.Abs(other - value) >= apart)) values.Add(value);
        }
        return values;
    }

    private static void Draw(Easel easel, Box chart, Layout layout, Shape shape, List<int> values)
    {
        var random = easel.Random;
        var surface = easel.Background;
        if (layout == Panel)
        {
            surface = surface.Towards(surface.Luma > 0.5 ? new(0, 0, 0) : new(255, 255, 255), random.Between(0.08, 0.2));
            easel.Picture.Shapes.Add(new RectangleMark(new(chart.X - Pad + 1, chart.Y - Pad + 1, chart.Width + 2 * Pad - 2, chart.Height + 2 * Pad - 2), surface, random.Between(0, 10)));
        }
        var ink = easel.InkOn(surface);
        if (layout == Ruled) PaintRules(easel, chart, shape.Lies, surface.Towards(ink, 0.4));
        var colors = random.Draw(Palette.Names.Where(name => name != easel.Shown.Background), values.Count);
        var width = Math.Max(3, (int)(shape.Slot * random.Between(0.5, 0.85)));
        for (var i = 0; i < values.Count; i++)
        {
            var length = Math.Max(3, (int)Math.Round(values[i] * shape.PerValue));
            var middle = shape.Slot * i + shape.Slot / 2;
            var box = shape.Lies ? new Box(chart.X, chart.Y + middle - width / 2, length, width) : new Box(chart.X + middle - width / 2, chart.Bottom - length, width, length);
            var shade = Palette.Shade(colors[i], random);
            easel.Picture.Shapes.Add(new RectangleMark(box, shade));
            easel.Picture.Bars.Add(new(box, shape.Lies));
            WriteValue(easel, layout, shape, box, $"{values[i]}", ink, shade);
            easel.Shown.Bars.Add(new(colors[i], values[i], length, shape.Style.Face, TextLine.ExpectedTokens(shape.Style.MeanAdvance($"{values[i]}"))));
        }
        easel.Shown.BarsLie = shape.Lies;
        PaintAxes(easel, chart, shape.Lies, ink);
    }

    private static void WriteValue(Easel easel, Layout layout, Shape shape, Box bar, string text, Rgb ink, Rgb shade)
    {
        var (style, width) = (shape.Style, shape.Style.Width(text));
        var inside = layout == Inside && (shape.Lies ? bar.Width > width + 6 && bar.Height > style.Height + 2 : bar.Height > style.Height + 6 && bar.Width > width + 2);
        var (x, baseline) = (shape.Lies, inside) switch
        {
            (true, true) => (bar.Right - width - 3, bar.CenterY + style.Height / 2),
            (true, false) => (bar.Right + 4.0, bar.CenterY + style.Height / 2),
            (false, true) => (bar.CenterX - width / 2, bar.Y + style.Height + 3),
            (false, false) => (bar.CenterX - width / 2, bar.Y - 4.0),
        };
        style.Write(easel.Picture, text, x, baseline, inside ? easel.InkOn(shade) : ink);
    }

    private static void PaintRules(Easel easel, Box chart, bool lies, Rgb ink)
    {
        for (var i = 0; i <= 4; i++)
        {
            var (x, y) = (chart.X + chart.Width * i / 4.0, chart.Y + chart.Height * i / 4.0);
            easel.Picture.Shapes.Add(lies ? new LineMark(x, chart.Y, x, chart.Bottom, ink, 1) : new LineMark(chart.X, y, chart.Right, y, ink, 1));
        }
    }

    private static void PaintAxes(Easel easel, Box chart, bool lies, Rgb ink)
    {
        var axis = AxisTable.BarAxis.Draw(easel.Random);
        if (axis == ChartAxis.None) return;
        var shapes = easel.Picture.Shapes;
        var (left, bottom) = (chart.X - 1.5, chart.Bottom + 1.5);
        if (axis == ChartAxis.Both || lies) shapes.Add(new LineMark(left, chart.Y, left, bottom, ink, 3));
        if (axis == ChartAxis.Both || !lies) shapes.Add(new LineMark(left, bottom, chart.Right, bottom, ink, 3));
        for (var i = 1; axis == ChartAxis.Both && i <= 4; i++)
        {
            var (x, y) = (chart.X + chart.Width * i / 4.0, chart.Bottom - chart.Height * i / 4.0);
            shapes.Add(lies ? new LineMark(x, bottom, x, bottom + 3, ink, 1.5) : new LineMark(left - 3, y, left, y, ink, 1.5));
        }
    }

    /// <param name="Slot">Units that each bar has across.</param>
    /// <param name="PerValue">Units of length for a value of 1.</param>
    private sealed record Shape(bool Lies, int Slot, TextStyle Style, double PerValue);
}
