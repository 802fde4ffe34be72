using M3.Adaptive.Model.Imaging;
using M3.Adaptive.Training.DataGeneration.Drawing;
using SkiaSharp;

namespace M3.Adaptive.Training.DataGeneration.Strange;

/// <summary>Pictures that show nothing of what questions ask for: blank ones, noise, pages of text. The same seed gives the same.</summary>
internal sealed class OddPictures(ulong seed)
{
    private const int Kinds = 3;

    private static readonly string[] Concepts = [.. DataLists.Concepts.Select(concept => concept.Name).Where(name => !"aeiou".Contains(name[0]) && name[^1] != 's')];

    /// <summary>The picture of a number, as PNG, and what is asked about it.</summary>
    public (byte[] Picture, IReadOnlyList<(string Text, string[] Answers, string Family)> Questions) Make(int number)
    {
        var random = new SeededRandom(SeededRandom.Hash($"odd {seed} {number}"));
        var ground = random.Pick(Palette.Names);
        using var bitmap = new SKBitmap(new SKImageInfo(Scene.Side, Scene.Side, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(bitmap);
        var paper = Palette.Shade(ground, random);
        canvas.Clear(Color(paper));
        if (number % Kinds == 1) Noise(bitmap, random);
        if (number % Kinds == 2) Write(canvas, paper, random);

        canvas.Flush();
        using var pixels = bitmap.PeekPixels();
        return (PictureFile.Png(pixels), [.. Questions(random, number % Kinds == 1 ? null : ground)]);
    }

    private static IEnumerable<(string, string[], string)> Questions(SeededRandom random, string? ground)
    {
        string[] nothing = ["not there", "nothing", "nowhere", "none"];
        if (ground is not null) yield return ("what color is the background", [ground], Families.Background);
        yield return ($"is there a {random.Pick(Concepts)}", ["no"], Families.Exists);
        yield return ($"where is the {random.Pick(Concepts)}", nothing, Families.Where);
        yield return random.Next(4) switch
        {
            0 => ($"how many times is the {random.Pick(Concepts)} shown", [.. nothing, "0"], Families.Count),
            1 => ($"what is the price of {random.Pick(DataLists.Items)}", nothing, Families.Receipt),
            2 => ("which bar is the highest", nothing, Families.Bars),
            _ => ("what is the largest object", nothing, Families.LargeObject),
        };
    }

    /// <summary>Static of one to 24 pixels, gray or coloured.</summary>
    private static void Noise(SKBitmap bitmap, SeededRandom random)
    {
        var (grain, gray) = (1 << random.Next(5), random.Next(2) == 0);
        var columns = (bitmap.Width + grain - 1) / grain;
        var colors = Enumerable.Range(0, columns * columns).Select(_ => Any(random, gray)).ToArray();
        for (var y = 0; y < bitmap.Height; y++)
        {
            for (var x = 0; x < bitmap.Width; x++) bitmap.SetPixel(x, y, colors[y / grain * columns + x / grain]);
        }
    }

    private static SKColor Any(SeededRandom random, bool gray)
    {
        var (red, green, blue) = ((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256));
        return gray ? new SKColor(red, red, red) : new SKColor(red, green, blue);
    }

    /// <summary>A page of words in lines, as books and letters have them.</summary>
    private static void Write(SKCanvas canvas, Rgb paper, SeededRandom random)
    {
        using var face = SKTypeface.FromFile(random.Pick(DataLists.Typefaces).Path) ?? throw new DataAssetException("A typeface is missing: run training/install-data-assets.sh.");
        using var font = new SKFont(face, 11 + random.Next(14));
        using var ink = new SKPaint { Color = paper.Luma > 0.5 ? SKColors.Black : SKColors.White, IsAntialias = true };
        for (var y = 1.3f * font.Size; y < Scene.Side; y += 1.4f * font.Size)
        {
            var line = "";
            while (font.MeasureText(line) < Scene.Side - 20) line += random.Pick(DataLists.Words) + " ";
            canvas.DrawText(line, 10, y, SKTextAlign.Left, font, ink);
        }
    }

    private static SKColor Color(Rgb color) => new(color.Red, color.Green, color.Blue);
}
