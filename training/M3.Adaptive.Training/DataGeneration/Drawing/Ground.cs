using M3.Adaptive.Model.Imaging;
using SkiaSharp;

namespace M3.Adaptive.Training.DataGeneration.Drawing;

/// <summary>What fills a picture behind everything else.</summary>
/// <param name="Color">The shade that bears the background's name.</param>
public abstract record Ground(Rgb Color)
{
    /// <summary>Fills so many units.</summary>
    internal abstract void Draw(SKCanvas canvas, float width, float height);

    private protected static void Fill(SKCanvas canvas, float width, float height, SKShader shader)
    {
        using var paint = new SKPaint { Shader = shader };
        canvas.DrawRect(0, 0, width, height, paint);
    }
}

/// <summary>One colour.</summary>
public sealed record FlatGround(Rgb Color) : Ground(Color)
{
    internal override void Draw(SKCanvas canvas, float width, float height) => canvas.Clear(Color.ToSkia());
}

/// <summary>From one shade to another along a direction.</summary>
/// <param name="Degrees">Clockwise from rightwards.</param>
public sealed record GradientGround(Rgb Color, Rgb From, Rgb To, double Degrees) : Ground(Color)
{
    internal override void Draw(SKCanvas canvas, float width, float height)
    {
        var (dx, dy) = Area.Turned(0.5, 0, Degrees);
        using var shader = SKShader.CreateLinearGradient(
            new((float)(0.5 - dx) * width, (float)(0.5 - dy) * height), new((float)(0.5 + dx) * width, (float)(0.5 + dy) * height),
            [From.ToSkia(), To.ToSkia()], SKShaderTileMode.Clamp);
        Fill(canvas, width, height, shader);
    }
}
