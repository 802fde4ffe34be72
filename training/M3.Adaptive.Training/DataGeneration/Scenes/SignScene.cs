using M3.Adaptive.Training.DataGeneration.Axes;
using M3.Adaptive.Training.DataGeneration.Drawing;
using F = M3.Adaptive.Training.DataGeneration.Families;

namespace M3.Adaptive.Training.DataGeneration.Scenes;

/// <summary>One or two signs or a text without one, each a word, a number or a code, and often an object beside them.</summary>
internal sealed class SignScene : ISceneKind
{
    private const int Gap = 6, LongestText = 8, ShortestText = 2;

    private static readonly Layout Board = new("on a board"), Bare = new("without a board"), Banner = new("on a banner"),
        Disc = new("on a disc", HeldOut: true), Post = new("on a post", HeldOut: true);

    public string Name => Kinds.Sign;

    public IReadOnlyList<string> Families { get; } = [F.Background, F.Sign, F.Where, F.Exists, F.List];

    public IReadOnlyList<Layout> Layouts { get; } = [Board, Bare, Banner, Disc, Post];

    public bool Paint(Easel easel, Box room, Layout layout)
    {
        var random = easel.Random;
        var taken = new List<Box>();
        for (var i = layout != Bare && random.Chance(0.35) ? 2 : 1; i > 0; i--)
        {
            if (Plan(easel, room, layout, taken) is not { } sign) continue;
            taken.Add(sign.Board);
            Draw(easel, layout, sign);
        }
        if (taken.Count == 0) return false;
        if (room == easel.Room) AddObject(easel, room, taken);                    // what else the picture shows keeps its own objects
        return true;
    }

    private static Sign? Plan(Easel easel, Box room, Layout layout, List<Box> taken)
    {
        var random = easel.Random;
        var style = easel.TextStyle(room.Height * 0.8);
        var longest = LongestText;
        while (longest >= ShortestText && style.Width(new string('m', longest)) > room.Width * 0.86) longest--;
        if (longest < ShortestText) return null;
        var kind = (TextKind)random.PickWeighted([0.55, 0.3, 0.15]);
        var text = kind switch
        {
            TextKind.Word when longest >= 4 => easel.Content.Word(random, longest),
            TextKind.Code when longest >= 3 => Content.Code(random, random.Between(3, Math.Min(6, longest))),
            _ => Content.Number(random, random.Between(ShortestText, Math.Min(5, longest))),
        };
        kind = text.All(char.IsAsciiDigit) ? TextKind.Number : kind == TextKind.Number ? TextKind.Code : kind;

        var degrees = layout == Banner ? 0 : AxisTable.TextTurn.Draw(random);
        var (padX, padY) = layout == Disc ? (style.Size * 0.6, style.Size * 0.6) : (style.Size * random.Between(0.15, 0.6), style.Size * random.Between(0.15, 0.5));
        var (width, height) = ((int)Math.Ceiling(style.Width(text) + 2 * padX), (int)Math.Ceiling(style.Size * 1.05 + 2 * padY));
        if (layout == Banner) width = room.Width;
        var (left, top, right, bottom) = new Area(0, 0, width / 2.0, height / 2.0, degrees).Bounds;
        var post = layout == Post ? height / 2 : 0;
        if (easel.FreeBox(room, (int)Math.Ceiling(right - left), (int)Math.Ceiling(bottom - top) + post, taken, Gap) is not { } box) return null;
        return new(text, kind, style, box, new(box.X + (box.Width - width) / 2, box.Y + (box.Height - post - height) / 2, width, height), degrees,
            layout == Bare ? null : easel.OtherColor(easel.Shown.Texts.Select(other => other.Sign ?? "")));
    }

    private static void Draw(Easel easel, Layout layout, Sign sign)
    {
        var random = easel.Random;
        var (plate, turn) = (sign.Plate, new Turn(sign.Degrees, sign.Plate.X + sign.Plate.Width / 2.0, sign.Plate.Y + sign.Plate.Height / 2.0));
        var surface = easel.Background;
        if (sign.Color is { } color)
        {
            surface = Palette.Shade(color, random);
            var edge = surface.Towards(surface.Luma > 0.5 ? new(0, 0, 0) : new(255, 255, 255), random.Between(0.2, 0.8));
            if (layout == Post) easel.Picture.Shapes.Add(new RectangleMark(new(plate.X + plate.Width / 2 - 3, plate.Bottom - 2, 6, sign.Board.Bottom - plate.Bottom + 2), edge));
            easel.Picture.Shapes.Add(layout == Disc
                ? new EllipseMark(plate, surface)
                : new RectangleMark(plate, surface, layout == Banner ? 0 : random.Between(0.0, plate.Height / 3.0), edge, random.Between(0, 2), sign.Degrees));
        }
        sign.Style.Write(easel.Picture, sign.Text, turn.X - sign.Style.Width(sign.Text) / 2, turn.Y + sign.Style.Height / 2, easel.InkOn(surface), turn);
        easel.Shown.Texts.Add(new(sign.Text, sign.Kind, sign.Color, sign.Board, sign.Style.Face, TextLine.ExpectedTokens(sign.Style.MeanAdvance(sign.Text))));
    }

    private static void AddObject(Easel easel, Box room, List<Box> taken)
    {
        var size = Math.Max(easel.LeastIcon, easel.Random.Between(40, 90));
        if (!easel.Random.Chance(0.6) || easel.FreeBox(room, size, size, taken) is not { } box) return;
        easel.Place(easel.Content.Icon(easel.Random), box.X, box.Y, size);
        easel.Shown.Icons = Arrangement.Beside;
    }

    /// <param name="Board">All that it takes up.</param>
    /// <param name="Plate">What the text stands on, before it is turned about its middle.</param>
    /// <param name="Color">Of the plate; null: there is none.</param>
    private sealed record Sign(string Text, TextKind Kind, TextStyle Style, Box Board, Box Plate, double Degrees, string? Color);
}
