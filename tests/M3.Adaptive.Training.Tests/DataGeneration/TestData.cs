using M3.Adaptive.Model.Imaging;
using M3.Adaptive.Training.DataGeneration;
using M3.Adaptive.Training.DataGeneration.Drawing;

namespace M3.Adaptive.Training.Tests.DataGeneration;

/// <summary>The installed assets, loaded once, and scenes made from them.</summary>
internal static class TestData
{
    private const ulong Seed = 1;

    public static Assets Assets { get; } = Assets.Load();

    public static SceneGenerator Generator(Split split = Split.Train, ulong seed = Seed) => new(Assets, split, seed);

    public static IEnumerable<Scene> Scenes(int count, Split split = Split.Train, string? kind = null)
    {
        var generator = Generator(split);
        IReadOnlySet<string>? kinds = kind is null ? null : new HashSet<string> { kind };
        return Enumerable.Range(0, count).Select(index => generator.QuestionScene(index, kinds: kinds));
    }

    public static IEnumerable<Scene> Packed(int count, Split split = Split.Train)
    {
        var generator = Generator(split);
        return Enumerable.Range(0, count).Select(index => generator.PackedScene(index));
    }

    public static byte[] Pixels(Scene scene)
    {
        using var renderer = new SceneRenderer();
        var rgb = new byte[Scene.Side * Scene.Side * 3];
        renderer.Render(scene, rgb);
        return rgb;
    }

    /// <summary>The picture at its own size.</summary>
    public static RgbImage Drawn(Scene scene)
    {
        using var renderer = new SceneRenderer();
        return renderer.Draw(scene);
    }

    /// <summary>Whether single pixels show the colours that were meant: drawn at the model's size or larger, and never a JPEG file.</summary>
    public static bool IsSharp(Scene scene) => scene.Picture.Frame is { Sharpness: >= 1, JpegQuality: null };

    /// <summary>The name of the colour at a point of the picture, in its units, as the model gets to see it.</summary>
    public static string ColorAt(Scene scene, byte[] rgb, double x, double y)
    {
        var at = ((int)(y + scene.Picture.Frame.PadY) * Scene.Side + (int)(x + scene.Picture.Frame.PadX)) * 3;
        return NearestColor(rgb[at], rgb[at + 1], rgb[at + 2]);
    }

    /// <summary>The words of a picture: a character of index 0 begins each.</summary>
    public static List<List<GlyphMark>> Words(Scene scene)
    {
        var words = new List<List<GlyphMark>>();
        foreach (var glyph in scene.Picture.Glyphs)
        {
            if (glyph.IndexInWord == 0) words.Add([]);
            words[^1].Add(glyph);
        }
        return words;
    }

    public static string Spell(IEnumerable<GlyphMark> word) => string.Concat(word.Select(glyph => char.ToLowerInvariant(glyph.Character)));

    /// <summary>The name whose typical shade is nearest to a colour.</summary>
    public static string NearestColor(int red, int green, int blue)
    {
        var random = new SeededRandom(3);
        return Palette.Names
            .SelectMany(name => Enumerable.Range(0, 40).Select(_ => (name, Shade: Palette.Shade(name, random))))
            .MinBy(entry => Square(entry.Shade.Red - red) + Square(entry.Shade.Green - green) + Square(entry.Shade.Blue - blue)).name;
    }

    private static int Square(int value) => value * value;
}
