using M3.Adaptive.Training.DataGeneration.Drawing;
using F = M3.Adaptive.Training.DataGeneration.Families;

namespace M3.Adaptive.Training.DataGeneration.Scenes;

/// <summary>A bar chart: bars of different colours and values, the value above each.</summary>
internal sealed class BarsScene : ISceneKind
{
    private const int Left = 10;
    private const int Floor = Scene.Side - 12;
    private const int MostValue = 99;

    public string Name => Kinds.Bars;

    public IReadOnlyList<string> Families { get; } = [F.Background, F.Bars, F.Count, F.List, F.Inventory];

    public void Paint(Easel easel)
    {
        var random = easel.Random;
        easel.PaintBackground();
        var bars = Plan(easel);
        var slot = (Scene.Side - 2 * Left) / bars.Count;
        var size = easel.Mix.TextSize(random, TextLine.LargestFitting(2, slot - 2));
        var perValue = (Floor - TextLine.Height(size) - 14.0) / MostValue;
        var width = (int)(slot * random.Between(0.5, 0.85));
        var style = new TextStyle(random.Pick(easel.Content.Typefaces), size, Spacing: new(Even: true));
        var ink = Palette.InkOn(easel.Background, random);
        for (var i = 0; i < bars.Count; i++)
        {
            var center = Left + slot * i + slot / 2;
            var height = Math.Max(3, (int)Math.Round(bars[i].Value * perValue));
            var box = new Box(center - width / 2, Floor - height, width, height);
            var shade = Palette.Shade(bars[i].Color, random);
            easel.Picture.Shapes.Add(new RectangleMark(box, shade));
            easel.Picture.Bars.Add(box);
            var text = bars[i].Value.ToString();
            style.Write(easel.Picture, text, center - style.Width(text) / 2, box.Y - 4, ink);
        }
        easel.Picture.Shapes.Add(new RectangleMark(new(Left - 4, Floor, Scene.Side - 2 * Left + 8, 3), ink));

        var tokens = TextLine.ExpectedTokens(TextLine.Advance(size));
        easel.Shown.Bars.AddRange(bars.Select(bar => new ShownBar(bar.Color, bar.Value, bar.Value * perValue, style.Face, tokens)));
    }

    private static List<Bar> Plan(Easel easel)
    {
        var random = easel.Random;
        var colors = Palette.Names.Where(name => name != easel.BackgroundName).ToList();
        random.Shuffle(colors);
        var count = random.Between(2, 6);
        var values = new List<int>();
        var apart = random.Between(2, 8); // how close the contest may be; six bars of 8 apart always find room in 5..99
        while (values.Count < count)
        {
            var value = random.Between(5, MostValue);
            if (values.TrueForAll(other => Math.Abs(other - value) >= apart)) values.Add(value);
        }
        return [.. colors.Zip(values, (color, value) => new Bar(color, value))];
    }

    private sealed record Bar(string Color, int Value);
}
