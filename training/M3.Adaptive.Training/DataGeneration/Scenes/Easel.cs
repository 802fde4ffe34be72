using M3.Adaptive.Model.Imaging;
using M3.Adaptive.Training.DataGeneration.Drawing;

namespace M3.Adaptive.Training.DataGeneration.Scenes;

/// <summary>One picture in the making: its random numbers and what it shows so far.</summary>
internal sealed class Easel(SeededRandom random, Content content, Mix mix)
{
    private Picture? _picture;

    /// <summary>Widths of the pooled cells, coarse to fine, with the tokens they stand for.</summary>
    private static readonly (int Cell, int Tokens)[] Ladder = [(288, 1), (96, 9), (48, 36), (24, 144), (12, 576)];

    public SeededRandom Random => random;
    public Content Content => content;
    public Mix Mix => mix;
    public Picture Picture => _picture ?? throw new InvalidOperationException("The background comes first.");
    public SceneContents Shown { get; } = new();

    /// <summary>Name and shade of the background, once painted.</summary>
    public string BackgroundName { get; private set; } = "";
    public Rgb Background { get; private set; }

    /// <summary>Tokens whose cells are hardly larger than a thing of this size.</summary>
    public static int ExpectedTokens(int size) => Ladder.First(rung => rung.Cell <= 1.75 * size || rung.Tokens == 576).Tokens;

    /// <summary>Fills the picture with a named colour, often with a soft gradient or clutter.</summary>
    public void PaintBackground()
    {
        BackgroundName = random.Pick(Palette.Names);
        Background = Palette.Shade(BackgroundName, random);
        _picture = new()
        {
            Ground = random.Chance(0.4)
                ? new GradientGround(Background, Background.Towards(new(0, 0, 0), 0.07), Background.Towards(new(255, 255, 255), 0.07), random.Chance(0.5) ? 0 : 90)
                : new FlatGround(Background),
        };
        if (random.Chance(0.3)) PaintClutter();
        Shown.Background = BackgroundName;
    }

    /// <summary>A colour name other than the background's and those given.</summary>
    public string OtherColor(params IEnumerable<string> taken)
    {
        string name;
        do name = random.Pick(Palette.Names);
        while (name == BackgroundName || taken.Contains(name));
        return name;
    }

    /// <summary>Puts an icon into the picture; every fifth is faint.</summary>
    public IconMark Place(IconArt art, int x, int y, int size)
    {
        var icon = new IconMark(art, x, y, size, random.Chance(0.2) ? Math.Round(random.Between(0.55, 0.85), 2) : 1);
        Picture.Icons.Add(icon);
        return icon;
    }

    /// <summary>A place for a box that keeps clear of all others, or null when chance finds none.</summary>
    public Box? FreeBox(int width, int height, IEnumerable<Box> taken, int gap = 4)
    {
        for (var attempt = 0; attempt < 30; attempt++)
        {
            var box = new Box(random.Between(2, Scene.Side - width - 2), random.Between(2, Scene.Side - height - 2), width, height);
            if (!taken.Any(other => box.Overlaps(other, gap))) return box;
        }
        return null;
    }

    /// <summary>Even sizes, so that drawn icons can be reused.</summary>
    public int IconSize(int low, int high)
    {
        var step = high > 100 ? 6 : 2;
        return low + step * random.Next((high - low) / step + 1);
    }

    private void PaintClutter()
    {
        var shade = Background.Towards(random.Chance(0.5) ? new(0, 0, 0) : new(255, 255, 255), 0.12);
        for (var i = random.Between(4, 14); i > 0; i--)
        {
            var (x, y, reach) = (random.Next(Scene.Side), random.Next(Scene.Side), random.Between(3, 26));
            Picture.Shapes.Add(random.Chance(0.5)
                ? new EllipseMark(new(x - reach, y - reach, 2 * reach, 2 * reach), shade)
                : new LineMark(x, y, x + random.Between(-60, 60), y + random.Between(-60, 60), shade, 1 + reach / 6));
        }
    }
}
