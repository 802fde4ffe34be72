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

    public static void Paint(Easel easel)
    {
        var random = easel.Random;
        easel.PaintBackground();
        for (var y = random.Between(0, 8); ;)
        {
            var room = Scene.Side - y;
            if (room < SmallestIcon) return;
            if (random.Chance(0.5)) y += IconRow(easel, y, Math.Min(room, random.Chance(0.25) ? LargestObject : LargestIcon));
            else y += TextRow(easel, y, Math.Min(room, LargestText));
        }
    }

    private static int IconRow(Easel easel, int y, int highest)
    {
        var random = easel.Random;
        var height = easel.IconSize(SmallestIcon, highest);
        for (var x = random.Between(0, 10); ; x += random.Between(1, 6))
        {
            var size = Math.Max(SmallestIcon, height - 2 * random.Between(0, height / 8));
            if (x + size > Scene.Side) return height + random.Between(0, 4);
            easel.Place(easel.Content.Icon(random), x, y + random.Between(0, height - size), size);
            x += size;
        }
    }

    private static int TextRow(Easel easel, int y, int highest)
    {
        var random = easel.Random;
        var size = random.Chance(0.4) ? random.Between(TextLine.SmallestSize, Math.Min(highest, 24)) : random.Between(TextLine.SmallestSize, highest);
        var advance = TextLine.Advance(size);
        var surface = easel.Background;
        if (random.Chance(0.5))
        {
            surface = Palette.Shade(random.Pick(Palette.Names), random);
            easel.Picture.Shapes.Add(new RectangleMark(new(0, y, Scene.Side, size * 5 / 4), surface));
        }
        for (var x = random.Between(0, advance); ; x += random.Between(advance / 2, 2 * advance))
        {
            var longest = Math.Min(LongestWord, (Scene.Side - x) / advance);
            if (longest < 2) return size * 5 / 4 + random.Between(0, 4);
            var text = random.PickWeighted([0.4, 0.25, 0.35]) switch
            {
                0 when longest >= 4 => easel.Content.Word(random, longest),
                1 => Content.Number(random, random.Between(1, Math.Min(5, longest))),
                _ => Content.Code(random, random.Between(2, longest)),
            };
            new TextStyle(random.Pick(easel.Content.Typefaces), size, Spacing: new(Even: true)).Write(easel.Picture, text, x, y + size, Palette.InkOn(surface, random));
            x += text.Length * advance;
        }
    }
}
