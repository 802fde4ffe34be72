using M3.Adaptive.Model.Imaging;
using M3.Adaptive.Training.DataGeneration;
using M3.Adaptive.Training.DataGeneration.Drawing;
using SkiaSharp;
using Xunit;

namespace M3.Adaptive.Training.Tests.DataGeneration;

public sealed class SceneRendererTests
{
    private const int Bytes = Scene.Side * Scene.Side * 3;

    [Theory]
    [InlineData(30)]
    [InlineData(57)]
    [InlineData(200)]
    public void Render_IconOfAnySize_IsItsDrawingButForSmoothing(int size)
    {
        foreach (var art in TestData.Assets.Icons.Take(40))
        {
            var picture = new Picture { Ground = new FlatGround(new(255, 255, 255)) };
            picture.Icons.Add(new(art, 40, 40, size, 1));
            var copied = TestData.Pixels(new Scene(picture, [], null, Kinds.LargeObject));
            using var surface = SKSurface.Create(new SKImageInfo(Scene.Side, Scene.Side, SKColorType.Rgba8888, SKAlphaType.Opaque));
            surface.Canvas.Clear(SKColors.White);
            surface.Canvas.Translate(40, 40);
            art.Draw(surface.Canvas, size);
            using var pixels = surface.PeekPixels();

            var drawn = PictureFile.Read(pixels).Pixels.ToArray();

            var difference = Enumerable.Range(0, Bytes).Sum(i => Math.Abs(copied[i] - drawn[i])) / (3.0 * size * size);
            Assert.True(difference < 16, $"{art}: {difference} of 255 on average");
        }
    }

    [Fact]
    public void Render_TinySpriteCache_GivesTheSamePixels()
    {
        using var roomy = new SceneRenderer();
        using var tiny = new SceneRenderer(cacheBytes: 20_000);
        var (expected, actual) = (new byte[Bytes], new byte[Bytes]);
        foreach (var scene in TestData.Packed(3))
        {
            roomy.Render(scene, expected);
            tiny.Render(scene, actual);

            Assert.Equal(expected, actual);
        }
    }

    [Fact]
    public void Render_FaintIcon_LetsTheBackgroundThrough()
    {
        var art = TestData.Assets.Icons.First(icon => icon.Concept.Name == "red apple");
        var (solid, faint) = (OneIcon(art, 1), OneIcon(art, 0.5));

        var (strong, weak) = (TestData.Pixels(solid), TestData.Pixels(faint));

        var center = (144 * Scene.Side + 144) * 3;
        Assert.Equal((strong[center] + 255) / 2.0, weak[center], 1.5);
        Assert.Equal(255, weak[0]);
    }

    [Fact]
    public void Render_TooLittleRoom_NamesTheRoomNeeded()
    {
        using var renderer = new SceneRenderer();

        var error = Assert.Throws<ArgumentException>(() => renderer.Render(TestData.Generator().QuestionScene(0), new byte[12]));

        Assert.Contains("288 x 288 x 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Png_AnyScene_DecodesToTheRenderedPixels()
    {
        using var renderer = new SceneRenderer();
        var scene = TestData.Generator().QuestionScene(2);

        var image = ImageDecoder.Decode(renderer.Encode(scene, PictureFormat.Png), ImageLimits.Default);

        Assert.Equal((scene.Picture.Frame.PixelWidth, scene.Picture.Frame.PixelHeight), (image.Width, image.Height));
        Assert.Equal(TestData.Drawn(scene).Pixels, image.Pixels);
    }

    [Fact]
    public void Webp_WithoutLoss_DecodesToTheRenderedPixels()
    {
        using var renderer = new SceneRenderer();
        var scene = TestData.Generator().QuestionScene(3);

        var image = ImageDecoder.Decode(renderer.Encode(scene, PictureFormat.Webp), ImageLimits.Default);

        Assert.Equal(TestData.Drawn(scene).Pixels, image.Pixels);
    }

    [Fact]
    public void Webp_WithLoss_IsSmallerAndCloseToTheRenderedPixels()
    {
        using var renderer = new SceneRenderer();
        var scene = TestData.Packed(1).Single();
        var (lossy, lossless) = (renderer.Encode(scene, PictureFormat.Webp, 90), renderer.Encode(scene, PictureFormat.Webp));

        var expected = TestData.Drawn(scene).Pixels.ToArray();
        var actual = ImageDecoder.Decode(lossy, ImageLimits.Default).Pixels.ToArray();

        Assert.True(lossy.Length < lossless.Length);
        Assert.InRange(expected.Zip(actual, (one, other) => Math.Abs(one - other)).Average(), 0.01, 6);
    }

    [Theory]
    [InlineData("<path")]
    [InlineData("<g>")]
    public void Ink_MalformedDrawing_NamesTheIcon(string body)
    {
        var art = new IconArt(DataLists.Concepts[0], style: 0, body, 16, 16);

        var error = Assert.Throws<DataAssetException>(() => art.Ink);

        Assert.Contains(DataLists.Concepts[0].IconName, error.Message, StringComparison.Ordinal);
    }

    private static Scene OneIcon(IconArt art, double opacity)
    {
        var picture = new Picture { Ground = new FlatGround(new(255, 255, 255)) };
        picture.Icons.Add(new(art, 94, 94, 100, opacity));
        return new Scene(picture, [], null, Kinds.LargeObject);
    }
}
