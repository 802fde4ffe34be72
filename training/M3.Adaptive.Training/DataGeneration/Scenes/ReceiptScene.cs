using M3.Adaptive.Model.Imaging;
using M3.Adaptive.Training.DataGeneration.Axes;
using M3.Adaptive.Training.DataGeneration.Drawing;
using F = M3.Adaptive.Training.DataGeneration.Families;

namespace M3.Adaptive.Training.DataGeneration.Scenes;

/// <summary>Items and their prices, a line each, often on a slip of paper, some below a header and above a total.</summary>
internal sealed class ReceiptScene : ISceneKind
{
    private const int MostLines = 7, FewestLines = 2;
    private const double ClosestLines = 1.12;    // of the font size

    private static readonly Layout Slip = new("on a slip"), Bare = new("without a slip"),
        Dotted = new("with dots between", HeldOut: true), PriceFirst = new("prices in front", HeldOut: true);

    public string Name => Kinds.Receipt;

    public IReadOnlyList<string> Families { get; } = [F.Background, F.Receipt, F.List, F.Inventory];

    public IReadOnlyList<Layout> Layouts { get; } = [Slip, Bare, Dotted, PriceFirst];

    public bool Paint(Easel easel, Box room, Layout layout)
    {
        for (var lines = easel.Random.Between(FewestLines, MostLines); lines >= FewestLines; lines--)
        {
            if (Plan(easel, room, lines) is not { } plan) continue;
            Draw(easel, room, layout, plan);
            return true;
        }
        return false;
    }

    /// <summary>What is written, in the largest style that the split draws and the room allows; null when it is too small to be read.</summary>
    private static Text? Plan(Easel easel, Box room, int lines)
    {
        var random = easel.Random;
        var items = easel.Content.Wares(random, lines);
        var (low, high) = AxisTable.Price.Draw(random);
        var prices = random.Draw(Enumerable.Range(low, high - low + 1), lines);
        var rows = new List<Row>();
        var header = AxisTable.ReceiptHeader.Draw(random);
        if (header > 0) rows.Add(new(Header(easel, items), null));
        if (header > 1) rows.Add(new(Content.Number(random, random.Between(3, 6)), null));
        rows.AddRange(items.Zip(prices, (item, price) => new Row(item, $"{price}")));
        if (AxisTable.ReceiptTotal.Draw(random)) rows.Add(new("total", $"{prices.Sum()}"));

        var degrees = AxisTable.TextTurn.Draw(random);
        var (sine, cosine) = Math.SinCos(Math.Abs(degrees) * Math.PI / 180);
        var style = easel.TextStyle(TextLine.LargestSize);
        var one = style with { Size = 1 };
        var widest = rows.Max(row => one.Width(row.Left) + (row.Right is null ? 0 : 1 + one.Width(row.Right)));
        // In font sizes, with a pad of half of one around, as it is turned.
        var (width, height) = (widest + 1, rows.Count * ClosestLines + 1);
        var fitting = Math.Min(room.Width / (width * cosine + height * sine), room.Height / (width * sine + height * cosine));
        if (fitting < easel.LeastText) return null;
        return new(rows, items, prices, style with { Size = Math.Min(style.Size, Math.Floor(fitting)) }, widest, degrees);
    }

    private static string Header(Easel easel, List<string> items)
    {
        string header;
        do header = easel.Content.Word(easel.Random, 8);
        while (items.Contains(header) || DataLists.Items.Contains(header));
        return header;
    }

    private static void Draw(Easel easel, Box room, Layout layout, Text plan)
    {
        var random = easel.Random;
        var (size, pad) = (plan.Style.Size, plan.Style.Size / 2);
        var (sine, cosine) = Math.SinCos(Math.Abs(plan.Degrees) * Math.PI / 180);
        var (narrowest, lowest) = (plan.Widest * size, plan.Rows.Count * ClosestLines * size);
        // What is free around it, so that it stays inside when it is turned.
        var free = Math.Max(0, Math.Min((room.Width - (narrowest + 2 * pad) * cosine - (lowest + 2 * pad) * sine) / (cosine + sine),
            (room.Height - (narrowest + 2 * pad) * sine - (lowest + 2 * pad) * cosine) / (cosine + sine)));
        var textWidth = narrowest + AxisTable.ReceiptWidth.Draw(random) * Math.Max(free, plan.Degrees == 0 ? room.Width - narrowest - 2 * pad : 0);
        var textHeight = lowest + (random.Chance(0.5) ? random.NextDouble() * Math.Max(free, plan.Degrees == 0 ? room.Height - lowest - 2 * pad : 0) : 0);
        textHeight = Math.Min(textHeight, lowest * 1.6);
        var (width, height) = ((int)(textWidth + 2 * pad), (int)(textHeight + 2 * pad));
        var (reachX, reachY) = ((width * cosine + height * sine) / 2, (width * sine + height * cosine) / 2);
        var (middleX, middleY) = (random.Between(room.X + reachX, Math.Max(room.X + reachX, room.Right - reachX)), random.Between(room.Y + reachY, Math.Max(room.Y + reachY, room.Bottom - reachY)));
        var slip = new Box((int)(middleX - width / 2.0), (int)(middleY - height / 2.0), width, height);
        var turn = new Turn(plan.Degrees, slip.X + width / 2.0, slip.Y + height / 2.0);

        var paper = easel.Background;
        if (layout != Bare)
        {
            paper = Rgb.FromHsl(random.Between(30, 60), random.Between(0, 0.5), random.Between(0.88, 0.98));
            easel.Picture.Shapes.Add(new RectangleMark(slip, paper, 0, paper.Towards(new(0, 0, 0), 0.25), 1, plan.Degrees));
        }
        var ink = layout == Bare || random.Chance(0.25) ? easel.InkOn(paper) : paper.Towards(new(0, 0, 0), random.Between(0.6, 1.0));
        var pitch = textHeight / plan.Rows.Count;
        for (var i = 0; i < plan.Rows.Count; i++)
        {
            Write(easel, layout, plan, plan.Rows[i], new(slip.X + pad, slip.Y + pad + pitch * i + (pitch + plan.Style.Height) / 2, textWidth, ink, turn));
        }
        var tokens = TextLine.ExpectedTokens(plan.Items.Average(plan.Style.MeanAdvance));
        easel.Shown.Lines.AddRange(plan.Items.Zip(plan.Prices, (item, price) => new ShownLine(item, $"{price}", plan.Style.Face, tokens)));
    }

    private static void Write(Easel easel, Layout layout, Text plan, Row row, Line line)
    {
        var (style, picture) = (plan.Style, easel.Picture);
        if (row.Right is null)
        {
            style.Write(picture, row.Left, line.Left + (line.Width - style.Width(row.Left)) / 2, line.Baseline, line.Ink, line.Turn);
            return;
        }
        var (left, right) = layout == PriceFirst ? (row.Right, row.Left) : (row.Left, row.Right);
        var rightEdge = line.Left + line.Width - style.Width(right);
        style.Write(picture, left, line.Left, line.Baseline, line.Ink, line.Turn);
        style.Write(picture, right, rightEdge, line.Baseline, line.Ink, line.Turn);
        if (layout != Dotted) return;
        for (var x = line.Left + style.Width(left) + style.Size / 3; x < rightEdge - style.Size / 4; x += style.Size / 3)
        {
            var (fromX, fromY) = line.Turn.Of(x, line.Baseline);
            var (toX, toY) = line.Turn.Of(x + 1.5, line.Baseline);
            picture.Shapes.Add(new LineMark(fromX, fromY, toX, toY, line.Ink, 1.5));
        }
    }

    /// <param name="Widest">Of its rows, with the least space between the columns, for a font size of 1.</param>
    private sealed record Text(List<Row> Rows, List<string> Items, List<int> Prices, TextStyle Style, double Widest, double Degrees);

    /// <param name="Right">Null: a header, in the middle.</param>
    private sealed record Row(string Left, string? Right);

    private sealed record Line(double Left, double Baseline, double Width, Rgb Ink, Turn Turn);
}
