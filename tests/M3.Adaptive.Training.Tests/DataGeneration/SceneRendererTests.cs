using M3.Adaptive.Model.Imaging;
using M3.Adaptive.Training.DataGeneration;
using M3.Adaptive.Training.DataGeneration.Drawing;
using Xunit;

namespace M3.Adaptive.Training.Tests.DataGeneration;

public sealed class SceneRendererTests
{
    private const int Bytes = Scene.Side * Scene.Side * 3;

    [Fact]
    public void Render_AnyScene_IsTheSvgButForRounding()
    {
        using var renderer = new SceneRenderer();
        var (fast, plain) = (new byte[Bytes], new byte[Bytes]);
        foreach (var scene in TestData.Scenes(40).Concat(TestData.Packed(8)))
        {
            renderer.Render(scene, fast);
            renderer.RenderPlainly(scene, plain);

            Assert.True(Enumerable.Range(0, Bytes).Max(i => Math.Abs(fast[i] - plain[i])) <= 6);
            Assert.True(Enumerable.Range(0, Bytes).Average(i => Math.Abs(fast[i] - plain[i])) < 0.02);
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

        var image = ImageDecoder.Decode(renderer.Png(scene), ImageLimits.Default);

        Assert.Equal((Scene.Side, Scene.Side), (image.Width, image.Height));
        Assert.Equal(TestData.Pixels(scene), image.Pixels.ToArray());
    }

    [Fact]
    public void Webp_WithoutLoss_DecodesToTheRenderedPixels()
    {
        using var renderer = new SceneRenderer();
        var scene = TestData.Generator().QuestionScene(3);

        var image = ImageDecoder.Decode(renderer.Webp(scene), ImageLimits.Default);

        Assert.Equal(TestData.Pixels(scene), image.Pixels.ToArray());
    }

    [Fact]
    public void Webp_WithLoss_IsSmallerAndCloseToTheRenderedPixels()
    {
        using var renderer = new SceneRenderer();
        var scene = TestData.Packed(1).Single();
        var (lossy, lossless) = (renderer.Webp(scene, 90), renderer.Webp(scene));

        var expected = TestData.Pixels(scene);
        var actual = ImageDecoder.Decode(lossy, ImageLimits.Default).Pixels.ToArray();

        Assert.True(lossy.Length < lossless.Length);
        Assert.InRange(Enumerable.Range(0, Bytes).Average(i => Math.Abs(expected[i] - actual[i])), 0.01, 6);
    }

    [Fact]
    public void SvgDocument_Malformed_SaysWhatLibrsvgSaid()
    {
        var error = Assert.Throws<DataAssetException>(() => new SvgDocument("<svg"));

        Assert.StartsWith("librsvg cannot read the drawing: ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("no reason given", error.Message, StringComparison.Ordinal);
    }

    private static Scene OneIcon(IconArt art, double opacity)
    {
        var picture = new Picture();
        picture.AddShape("""<rect width="288" height="288" fill="white"/>""");
        picture.Icons.Add(new(art, 94, 94, 100, opacity));
        return new Scene(picture, [], null, Kinds.LargeObject);
    }
}
