namespace M3.Adaptive.Training.DataGeneration.Drawing;

/// <summary>How large a picture is, in units for what it shows and in pixels for its file, and what its file has been through.</summary>
/// <param name="Width">In units; the longer side has 288.</param>
/// <param name="Height">In units.</param>
/// <param name="Scale">Pixels of a unit.</param>
/// <param name="Rescaling">Size in which it is drawn before it is enlarged to its own, over that: 1, or less.</param>
/// <param name="JpegQuality">Of the JPEG file that it is written to and read from; null: none.</param>
public readonly record struct Frame(int Width, int Height, double Scale = 1, double Rescaling = 1, int? JpegQuality = null)
{
    /// <summary>A square of 288 pixels, as the model sees it.</summary>
    public static Frame Plain { get; } = new(Scene.Side, Scene.Side);

    public int PixelWidth => (int)Math.Round(Width * Scale);

    public int PixelHeight => (int)Math.Round(Height * Scale);

    /// <summary>Pixels that a unit is drawn in.</summary>
    public double Sharpness => Scale * Rescaling;

    /// <summary>What lies left of the picture when it is squared, in units.</summary>
    public double PadX => (Scene.Side - Width) / 2.0;

    /// <summary>What lies above it, in units.</summary>
    public double PadY => (Scene.Side - Height) / 2.0;
}
