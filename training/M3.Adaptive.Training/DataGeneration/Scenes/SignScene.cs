using M3.Adaptive.Training.DataGeneration.Drawing;
using F = M3.Adaptive.Training.DataGeneration.Families;

namespace M3.Adaptive.Training.DataGeneration.Scenes;

/// <summary>One or two signs, each with a word, a number or a code, and often an object beside them.</summary>
internal sealed class SignScene : ISceneKind
{
    private const int Margin = 6;
    private const int WidestText = Scene.Side - 4 * Margin;

    public string Name => Kinds.Sign;

    public IReadOnlyList<string> Families { get; } = [F.Background, F.Sign, F.Where, F.Exists, F.List];

    public void Paint(Easel easel)
    {
        var random = easel.Random;
        easel.PaintBackground();
        var signs = new List<Sign>();
        var taken = new List<Box>();
        for (var i = random.Chance(0.35) ? 2 : 1; i > 0; i--)
        {
            if (Plan(easel, taken, signs.Select(sign => sign.ColorName)) is not { } sign) continue;
            signs.Add(sign);
            taken.Add(sign.Board);
            Draw(easel, sign);
        }

        AddObject(easel, taken);
    }

    private static Sign? Plan(Easel easel, List<Box> taken, IEnumerable<string> colors)
    {
        var random = easel.Random;
        var size = easel.Mix.TextSize(random, TextLine.LargestSize);
        var longest = Math.Min(8, WidestText / TextLine.Advance(size));
        var kind = (TextKind)random.PickWeighted([0.55, 0.3, 0.15]);
        var text = kind switch
        {
            TextKind.Word => easel.Content.Word(random, longest),
            TextKind.Number => Content.Number(random, random.Between(2, Math.Min(5, longest))),
            _ => Content.Code(random, random.Between(3, Math.Min(6, longest))),
        };
        var (padX, padY) = (random.Between(4, 12), random.Between(5, 14));
        var width = Math.Min(Scene.Side - 4, TextLine.Width(size, text.Length) + 2 * padX);
        var height = (int)TextLine.Height(size) + size / 3 + 2 * padY;
        return easel.FreeBox(width, height, taken, gap: Margin) is { } board ? new(text, kind, size, board, padY, easel.OtherColor(colors)) : null;
    }

    private static void Draw(Easel easel, Sign sign)
    {
        var random = easel.Random;
        var shade = Palette.Shade(sign.ColorName, random);
        var edge = shade.Towards(shade.Luma > 0.5 ? new(0, 0, 0) : new(255, 255, 255), random.Between(0.2, 0.8));
        var (x, y, width, _) = sign.Board;
        easel.Picture.Shapes.Add(new RectangleMark(sign.Board, shade, random.Between(0, 8), edge, random.Between(1, 2)));
        var style = new TextStyle(random.Pick(easel.Content.Typefaces), sign.Size, Spacing: new(Even: true));
        style.Write(easel.Picture, sign.Text, x + (width - style.Width(sign.Text)) / 2, y + sign.PadY + (int)style.Height, Palette.InkOn(shade, random));
        easel.Shown.Texts.Add(new(sign.Text, sign.Kind, sign.ColorName, sign.Board, style.Face, TextLine.ExpectedTokens(TextLine.Advance(sign.Size))));
    }

    private static void AddObject(Easel easel, List<Box> taken)
    {
        var size = easel.IconSize(48, 90);
        if (!easel.Random.Chance(0.6) || easel.FreeBox(size, size, taken) is not { } box) return;
        easel.Place(easel.Content.Icon(easel.Random), box.X, box.Y, size);
        easel.Shown.Icons = Arrangement.Beside;
    }

    private sealed record Sign(string Text, TextKind Kind, int Size, Box Board, int PadY, string ColorName);
}
