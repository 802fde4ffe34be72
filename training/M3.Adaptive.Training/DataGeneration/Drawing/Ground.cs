using M3.Adaptive.Model.Imaging;
using SkiaSharp;

namespace M3.Adaptive.Training.DataGeneration.Drawing;

/// <summary>What fills a picture behind everything else.</summary>
/// <param name="Color">The shade that bears the background's name.</param>
public abstract record Ground(Rgb Color)
{
    /// <summary>Fills so many units of a canvas whose unit is <paramref name="scale"/> pixels.</summary>
    internal abstract void Draw(SKCanvas canvas, float width, float height, float scale);

    private protected static void Fill(SKCanvas canvas, float width, float height, SKShader shader)
    {
        using var paint = new SKPaint { Shader = shader };
        canvas.DrawRect(0, 0, width, height, paint);
    }
}

/// <summary>One colour.</summary>
public sealed record FlatGround(Rgb Color) : Ground(Color)
{
    internal override void Draw(SKCanvas canvas, float width, float height, float scale) => canvas.Clear(Color.ToSkia());
}

/// <summary>From one shade to another along a direction.</summary>
/// <param name="Degrees">Clockwise from rightwards.</param>
public sealed record GradientGround(Rgb Color, Rgb From, Rgb To, double Degrees) : Ground(Color)
{
    internal override void Draw(SKCanvas canvas, float width, float height, float scale)
    {
        var (dx, dy) = Area.Turned(0.5, 0, Degrees);
        using var shader = SKShader.CreateLinearGradient(
            new((float)(0.5 - dx) * width, (float)(0.5 - dy) * height), new((float)(0.5 + dx) * width, (float)(0.5 + dy) * height),
            [From.ToSkia(), To.ToSkia()], SKShaderTileMode.Clamp);
        Fill(canvas, width, height, shader);
    }
}

/// <summary>What a <see cref="PatternedGround"/> repeats.</summary>
public enum Pattern
{
    Stripes,
    Checks,
    Dots,
}

/// <summary>Stripes, checks or dots in a second shade.</summary>
/// <param name="Pitch">Units from one to the next.</param>
/// <param name="Degrees">That the pattern is turned by, clockwise.</param>
public sealed record PatternedGround(Rgb Color, Pattern Pattern, Rgb Other, double Pitch, double Degrees) : Ground(Color)
{
    private const int TileSide = 64;

    internal override void Draw(SKCanvas canvas, float width, float height, float scale)
    {
        using var tile = Tile();
        var matrix = SKMatrix.CreateRotationDegrees((float)Degrees).PreConcat(SKMatrix.CreateScale((float)Pitch / TileSide, (float)Pitch / TileSide));
        using var shader = tile.ToShader(SKShaderTileMode.Repeat, SKShaderTileMode.Repeat, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear), matrix);
        Fill(canvas, width, height, shader);
    }

    private SKImage Tile()
    {
        const float Half = TileSide / 2f;
        using var surface = SKSurface.Create(new SKImageInfo(TileSide, TileSide, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var paint = new SKPaint { Color = Other.ToSkia(), IsAntialias = true };
        surface.Canvas.Clear(Color.ToSkia());
        switch (Pattern)
        {
            case Pattern.Stripes:
                surface.Canvas.DrawRect(0, 0, TileSide, Half, paint);
                break;
            case Pattern.Checks:
                surface.Canvas.DrawRect(0, 0, Half, Half, paint);
                surface.Canvas.DrawRect(Half, Half, Half, Half, paint);
                break;
            default:
                surface.Canvas.DrawCircle(Half, Half, TileSide / 4f, paint);
                break;
        }
        return surface.Snapshot();
    }
}

/// <summary>A colour whose pixels stray from it, equally in all channels.</summary>
/// <param name="Seed">Of the noise.</param>
/// <param name="Reach">How far they stray at most, of 255.</param>
/// <param name="Grain">Pixels to a side that stray together.</param>
public sealed record NoisyGround(Rgb Color, ulong Seed, int Reach, int Grain) : Ground(Color)
{
    private const int TileSide = 96;

    internal override void Draw(SKCanvas canvas, float width, float height, float scale)
    {
        using var tile = SKImage.FromPixelCopy(new SKImageInfo(TileSide, TileSide, SKColorType.Rgba8888, SKAlphaType.Opaque), Pixels());
        using var shader = tile.ToShader(SKShaderTileMode.Mirror, SKShaderTileMode.Mirror, new SKSamplingOptions(SKFilterMode.Nearest), SKMatrix.CreateScale(Grain / scale, Grain / scale));
        Fill(canvas, width, height, shader);
    }

    private byte[] Pixels()
    {
        var random = new SeededRandom(Seed);
        var rgba = new byte[TileSide * TileSide * 4];
        for (var at = 0; at < rgba.Length; at += 4)
        {
            var stray = random.Between(-Reach, Reach);
            (rgba[at], rgba[at + 1], rgba[at + 2], rgba[at + 3]) = (Moved(Color.Red), Moved(Color.Green), Moved(Color.Blue), byte.MaxValue);

            byte Moved(byte channel) => (byte)Math.Clamp(channel + stray, 0, 255);
        }
        return rgba;
    }
}
