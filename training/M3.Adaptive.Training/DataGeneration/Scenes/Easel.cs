using M3.Adaptive.Model.Imaging;
using M3.Adaptive.Training.DataGeneration.Axes;
using M3.Adaptive.Training.DataGeneration.Drawing;

namespace M3.Adaptive.Training.DataGeneration.Scenes;

/// <summary>One picture in the making: its random numbers and what it shows so far.</summary>
internal sealed class Easel
{
    /// <summary>Pixels of type below which no letter is legible, and of an icon below which it is a blot.</summary>
    private const double LeastTypePixels = 9, LeastIconPixels = 13;

    private const int Margin = 2;

    /// <summary>Widths of the pooled cells, coarse to fine, with the tokens they stand for.</summary>
    private static readonly (int Cell, int Tokens)[] Ladder = [(288, 1), (96, 9), (48, 36), (24, 144), (12, 576)];

    /// <summary>Begins a picture: frame and background.</summary>
    public Easel(SeededRandom random, Content content, Mix mix)
    {
        (Random, Content, Mix) = (random, content, mix);
        var name = random.Pick(Palette.Names);
        Background = Palette.Shade(name, random);
        Shown.Background = name;
        Picture = new() { Frame = DrawFrame(random), Ground = AxisTable.Ground.Draw(random)(Background) };
        Shown.NewLayout = random.Chance(mix.HeldOutLayouts);
        PaintClutter(AxisTable.Clutter.Draw(random));
    }

    public SeededRandom Random { get; }
    public Content Content { get; }
    public Mix Mix { get; }
    public Picture Picture { get; }
    public SceneContents Shown { get; } = new();

    /// <summary>The background's shade.</summary>
    public Rgb Background { get; }

    /// <summary>The whole picture but a margin.</summary>
    public Box Room => new(Margin, Margin, Picture.Frame.Width - 2 * Margin, Picture.Frame.Height - 2 * Margin);

    /// <summary>The smallest font size that is legible in a picture of so many pixels.</summary>
    public int LeastText => Math.Max(TextLine.SmallestSize, (int)Math.Ceiling(LeastTypePixels / Picture.Frame.Sharpness));

    /// <summary>The smallest icon that shows what it is.</summary>
    public int LeastIcon => (int)Math.Ceiling(LeastIconPixels / Picture.Frame.Sharpness);

    /// <summary>Tokens whose cells are hardly larger than a thing of this size.</summary>
    public static int ExpectedTokens(int size) => Ladder.First(rung => rung.Cell <= 1.75 * size || rung.Tokens == 576).Tokens;

    /// <summary>Draws a kind of picture, or a part of one, in one of its layouts.</summary>
    public bool Paint(ISceneKind kind, Box room)
    {
        var layout = Random.Pick([.. kind.Layouts.Where(layout => layout.HeldOut == Shown.NewLayout)]);
        Shown.Layouts.Add($"{kind.Name}: {layout.Name}");
        return kind.Paint(this, room, layout);
    }

    /// <summary>A colour name other than the background's and those given.</summary>
    public string OtherColor(params IEnumerable<string> taken)
    {
        string name;
        do name = Random.Pick(Palette.Names);
        while (name == Shown.Background || taken.Contains(name));
        return name;
    }

    /// <summary>A style to write in, of a size that the split draws, as far as the largest allows.</summary>
    /// <param name="largest">In units; may be less than what is legible.</param>
    public TextStyle TextStyle(double largest)
    {
        var size = Math.Max(LeastText, Math.Min(Mix.TextSize(Random, TextLine.LargestSize), (int)largest));
        return new(Random.Pick(Content.Typefaces), size, AxisTable.LetterCase.Draw(Random), AxisTable.Spacing.Draw(Random));
    }

    /// <summary>A colour to write with.</summary>
    public Rgb InkOn(Rgb surface) => AxisTable.Ink.Draw(Random)(surface);

    /// <summary>Puts an icon into the picture, now and then faint or turned.</summary>
    public IconMark Place(IconArt art, int x, int y, int size)
    {
        var icon = new IconMark(art, x, y, size, AxisTable.Opacity.Draw(Random), AxisTable.IconTurn.Draw(Random));
        Picture.Icons.Add(icon);
        return icon;
    }

    /// <summary>A place in the room for a box that keeps clear of all others, or null when chance finds none.</summary>
    public Box? FreeBox(Box room, int width, int height, IEnumerable<Box> taken, int gap = 4)
    {
        if (width > room.Width || height > room.Height) return null;
        for (var attempt = 0; attempt < 30; attempt++)
        {
            var box = new Box(Random.Between(room.X, room.Right - width), Random.Between(room.Y, room.Bottom - height), width, height);
            if (!taken.Any(other => box.Overlaps(other, gap))) return box;
        }
        return null;
    }

    private static Frame DrawFrame(SeededRandom random)
    {
        var ratio = AxisTable.AspectRatio.Draw(random);
        var (width, height) = ratio >= 1 ? (Scene.Side, (int)Math.Round(Scene.Side / ratio)) : ((int)Math.Round(Scene.Side * ratio), Scene.Side);
        var shorter = Math.Min(width, height);
        // The shorter side has pixels enough, too; so the smallest pictures are nearly square.
        var pixels = Math.Max(AxisTable.PictureSize.Draw(random), (int)Math.Ceiling(Scene.ShortestPixels * (double)Scene.Side / shorter));
        var rescaling = AxisTable.Rescaling.Draw(random);
        return new(width, height, pixels / (double)Scene.Side, pixels * rescaling < Scene.ShortestPixels ? 1 : rescaling, AxisTable.JpegQuality.Draw(random));
    }

    private void PaintClutter(int count)
    {
        var shade = Background.Towards(Random.Chance(0.5) ? new(0, 0, 0) : new(255, 255, 255), 0.12);
        for (var i = 0; i < count; i++)
        {
            var (x, y, reach) = (Random.Next(Picture.Frame.Width), Random.Next(Picture.Frame.Height), Random.Between(3, 26));
            Picture.Shapes.Add(Random.Chance(0.5)
                ? new EllipseMark(new(x - reach, y - reach, 2 * reach, 2 * reach), shade)
                : new LineMark(x, y, x + Random.Between(-60, 60), y + Random.Between(-60, 60), shade, 1 + reach / 6));
        }
    }
}
