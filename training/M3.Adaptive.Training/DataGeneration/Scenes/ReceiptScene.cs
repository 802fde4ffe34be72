using M3.Adaptive.Model.Imaging;
using M3.Adaptive.Training.DataGeneration.Drawing;
using F = M3.Adaptive.Training.DataGeneration.Families;

namespace M3.Adaptive.Training.DataGeneration.Scenes;

/// <summary>A slip of paper with items and their prices, a line each.</summary>
internal sealed class ReceiptScene : ISceneKind
{
    private const int Pad = 8;
    private const int Room = Scene.Side - 2 * Pad - 4;

    public string Name => Kinds.Receipt;

    public IReadOnlyList<string> Families { get; } = [F.Background, F.Receipt, F.List, F.Inventory];

    public void Paint(Easel easel)
    {
        var random = easel.Random;
        easel.PaintBackground();
        var lines = random.Between(2, 7);
        var items = easel.Content.Wares(random, lines);
        var prices = random.Draw(Enumerable.Range(2, 98).Select(price => price.ToString()), lines);
        var characters = items.Max(item => item.Length) + 3;
        var size = easel.Mix.TextSize(random, Math.Min(Room * 10 / (11 * lines), TextLine.LargestFitting(characters, Room)));
        var pitch = random.Between(size, Math.Max(size, Math.Min(size * 3 / 2, Room / lines)));
        var used = TextLine.Width(size, characters);
        var textWidth = used + random.Between(0, (Room - used) / 2);
        var (width, height) = (textWidth + 2 * Pad, pitch * lines + 2 * Pad);
        var (x, y) = (random.Between(2, Scene.Side - width - 2), random.Between(2, Scene.Side - height - 2));

        var paper = Rgb.FromHsl(random.Between(30, 60), random.Between(0, 0.5), random.Between(0.88, 0.98));
        var edge = paper.Towards(new(0, 0, 0), 0.25);
        easel.Picture.Shapes.Add(new RectangleMark(new(x, y, width, height), paper, Edge: edge, EdgeWidth: 1));
        var style = new TextStyle(random.Pick(easel.Content.Typefaces), size, Spacing: new(Even: true));
        var ink = paper.Towards(new(0, 0, 0), random.Between(0.5, 1.0));
        for (var i = 0; i < lines; i++)
        {
            var baseline = y + Pad + pitch * i + (int)style.Height + (pitch - size) / 2;
            style.Write(easel.Picture, items[i], x + Pad, baseline, ink);
            style.Write(easel.Picture, prices[i], x + Pad + textWidth - style.Width(prices[i]), baseline, ink);
        }

        easel.Shown.Lines.AddRange(items.Zip(prices, (item, price) => new ShownLine(item, price, style.Face, TextLine.ExpectedTokens(TextLine.Advance(size)))));
    }
}
