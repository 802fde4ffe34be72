using M3.Adaptive.Training.DataGeneration.Axes;
using M3.Adaptive.Training.DataGeneration.Drawing;

namespace M3.Adaptive.Training.DataGeneration.Scenes;

/// <summary>Rows of icons, words and numbers until the picture is full: ten times the labels of a question scene.</summary>
internal static class PackedPicture
{
    private const int SmallestIcon = 26;
    private const int LargestIcon = 100;
    private const int LargestObject = 240;      // a row in four may hold icons as large as the objects of question scenes
    private const int LargestText = 48;
    private const int LongestWord = 9; // the index of a character in its word has nine classes
    private const double LineHeight = 1.25;      // of the font size

    public static void Paint(Easel easel)
    {
        var random = easel.Random;
        for (var y = random.Between(0, 8); ;)
        {
            var room = easel.Picture.Frame.Height - y;
            if (room < Math.Max(SmallestIcon, easel.LeastIcon)) return;
            if (random.Chance(0.5) || room < easel.LeastText * LineHeight) y += IconRow(easel, y, Math.Min(room, random.Chance(0.25) ? LargestObject : LargestIcon));
            else y += TextRow(easel, y, room);
        }
    }

    private static int IconRow(Easel easel, int y, int highest)
    {
        var random = easel.Random;
        var smallest = Math.Max(SmallestIcon, easel.LeastIcon);
        var height = random.Between(smallest, Math.Max(smallest, highest));
        for (var x = random.Between(0, 10); ; x += random.Between(1, 6))
        {
            var size = Math.Max(smallest, height - random.Between(0, height / 4));
            if (x + size > easel.Picture.Frame.Width) return height + random.Between(0, 4);
            easel.Place(easel.Content.Icon(random), x, y + random.Between(0, height - size), size);
            x += size;
        }
    }

    private static int TextRow(Easel easel, int y, int room)
    {
        var random = easel.Random;
        var largest = (int)Math.Min(LargestText, room / LineHeight);
        var size = Math.Max(easel.LeastText, random.Between(TextLine.SmallestSize, random.Chance(0.4) ? Math.Min(largest, 24) : largest));
        var height = (int)(size * LineHeight);
        var width = easel.Picture.Frame.Width;
        var surface = easel.Background;
        if (random.Chance(0.5))
        {
            surface = Palette.Shade(random.Pick(Palette.Names), random);
            easel.Picture.Shapes.Add(new RectangleMark(new(0, y, width, height), surface));
        }
        for (var x = random.Between(0, 0.7 * size); ; x += random.Between(0.35, 1.0) * size)
        {
            var style = easel.TextStyle(size) with { Size = size };
            var longest = LongestWord;
            while (longest >= 2 && x + style.Width(new string('m', longest)) > width) longest--;
            if (longest < 2) return height + random.Between(0, 4);
            var text = random.PickWeighted([0.4, 0.25, 0.35]) switch
            {
                0 when longest >= 4 => easel.Content.Word(random, longest),
                1 => Content.Number(random, random.Between(1, Math.Min(5, longest))),
                _ => Content.Code(random, random.Between(2, longest)),
            };
            style.Write(easel.Picture, text, x, y + size, easel.InkOn(surface), Turn(easel, style, text, x, y + size));
            x += style.Width(text);
        }
    }

    /// <summary>A turn about the word's middle, as far as it hardly leaves its row.</summary>
    private static Turn Turn(Easel easel, TextStyle style, string text, double x, double baseline)
    {
        var width = style.Width(text);
        var most = Math.Atan2(0.35 * style.Size, width / 2) * 180 / Math.PI;
        return new(Math.Clamp(AxisTable.TextTurn.Draw(easel.Random), -most, most), x + width / 2, baseline - style.Height / 2);
    }
}
