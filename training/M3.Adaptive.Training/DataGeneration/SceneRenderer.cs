using M3.Adaptive.Model.Imaging;
using M3.Adaptive.Training.DataGeneration.Drawing;
using SkiaSharp;

namespace M3.Adaptive.Training.DataGeneration;

/// <summary>Draws scenes with Skia: one per thread.</summary>
public sealed class SceneRenderer : IDisposable
{
    internal const long DefaultCacheBytes = 384L << 20; // all icons in all sizes that are kept

    private static readonly SKSamplingOptions Smooth = new(SKFilterMode.Linear, SKMipmapMode.None);
    private static readonly Rgb Pad = PreprocessorConfig.Clip336.PadColour;

    private readonly SpriteCache _sprites;
    private readonly SKPaint _paint = new() { IsAntialias = true };

    public SceneRenderer(long cacheBytes = DefaultCacheBytes) : this(new SpriteCache(cacheBytes))
    {
    }

    /// <summary>One of several that share what they have drawn.</summary>
    internal SceneRenderer(SpriteCache sprites) => _sprites = sprites;

    /// <summary>Draws the scene as the model gets to see it: squared with the mean colour and resized, as red, green, blue bytes, row by row.</summary>
    /// <param name="rgb">288 x 288 x 3 bytes, overwritten.</param>
    public void Render(Scene scene, Span<byte> rgb)
    {
        if (rgb.Length != Scene.Side * Scene.Side * 3) throw new ArgumentException($"Expected room for 288 x 288 x 3 bytes, found {rgb.Length}.", nameof(rgb));
        using var drawn = Draw(scene);
        using var seen = Resizer.BicubicSquare(drawn, Scene.Side, Pad);
        seen.Pixels.CopyTo(rgb);
    }

    /// <summary>Draws the scene at its own size.</summary>
    public RgbImage Draw(Scene scene)
    {
        ArgumentNullException.ThrowIfNull(scene);
        using var surface = Surface(scene.Picture);
        using var pixels = surface.PeekPixels();
        return scene.Picture.Frame.JpegQuality is { } quality ? ImageDecoder.Decode(PictureFile.Jpeg(pixels, quality), ImageLimits.Default) : PictureFile.Read(pixels);
    }

    /// <summary>The scene as a file.</summary>
    /// <param name="quality">Of WebP pictures, 1 to 100; null: without loss.</param>
    public byte[] Encode(Scene scene, PictureFormat format, float? quality = null)
    {
        using var drawn = Draw(scene);
        using var image = PictureFile.Image(drawn.Pixels, drawn.Width, drawn.Height);
        using var pixels = image.PeekPixels();
        return format == PictureFormat.Png ? PictureFile.Png(pixels) : PictureFile.Webp(pixels, quality);
    }

    public void Dispose() => _paint.Dispose();

    private SKSurface Surface(Picture picture)
    {
        var frame = picture.Frame;
        if (frame.Rescaling == 1) return Surface(picture, frame.PixelWidth, frame.PixelHeight);
        using var small = Surface(picture, (int)Math.Ceiling(frame.PixelWidth * frame.Rescaling), (int)Math.Ceiling(frame.PixelHeight * frame.Rescaling));
        using var image = small.Snapshot();
        var enlarged = Empty(frame.PixelWidth, frame.PixelHeight);
        enlarged.Canvas.DrawImage(image, new SKRect(0, 0, frame.PixelWidth, frame.PixelHeight), Smooth);
        return enlarged;
    }

    private SKSurface Surface(Picture picture, int width, int height)
    {
        var surface = Empty(width, height);
        var canvas = surface.Canvas;
        canvas.Scale((float)width / picture.Frame.Width, (float)height / picture.Frame.Height);
        picture.Ground.Draw(canvas, picture.Frame.Width, picture.Frame.Height, (float)width / picture.Frame.Width);
        foreach (var shape in picture.Shapes) shape.Draw(canvas, _paint);
        foreach (var icon in picture.Icons) Draw(canvas, icon);
        foreach (var glyph in picture.Glyphs) Draw(canvas, glyph);
        return surface;
    }

    private static SKSurface Empty(int width, int height) => SKSurface.Create(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));

    private void Draw(SKCanvas canvas, IconMark icon)
    {
        using var faint = new SKPaint { Color = SKColors.Black.WithAlpha((byte)Math.Round(255 * icon.Opacity)), IsAntialias = true };
        var saved = canvas.Save();
        canvas.RotateDegrees((float)icon.Turn, icon.X + icon.Size / 2f, icon.Y + icon.Size / 2f);
        canvas.Translate(icon.X, icon.Y);
        if (_sprites.Icon(icon.Art, icon.Size * canvas.TotalMatrix.MapRadius(1)) is { } sprite)
        {
            canvas.DrawImage(sprite, new SKRect(0, 0, icon.Size, icon.Size), Smooth, faint);
        }
        else
        {
            if (icon.Opacity < 1) canvas.SaveLayer(faint);
            icon.Art.Draw(canvas, icon.Size);
        }
        canvas.RestoreToCount(saved);
    }

    private void Draw(SKCanvas canvas, GlyphMark glyph)
    {
        using var font = FaceFile.Of(glyph.Face).Font((float)glyph.Size);
        _paint.Color = glyph.Color.ToSkia();
        var saved = canvas.Save();
        canvas.Translate((float)glyph.CenterX, (float)glyph.Baseline);
        canvas.RotateDegrees((float)glyph.Turn);
        canvas.DrawText(glyph.Character.ToString(), 0, 0, SKTextAlign.Center, font, _paint);
        canvas.RestoreToCount(saved);
    }
}
