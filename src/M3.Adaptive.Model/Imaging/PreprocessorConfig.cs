namespace M3.Adaptive.Model.Imaging;

/// <summary>How a picture becomes the model's input; <c>preprocessor_config.json</c>.</summary>
public sealed record PreprocessorConfig
{
    /// <summary>CLIP ViT-L/14-336's, as LLaVA-1.5 uses it.</summary>
    public static PreprocessorConfig Clip336 { get; } = new();

    /// <summary>Side of the square input, in pixels.</summary>
    public int Size { get; init; } = 336;

    /// <summary>Mean of each channel, of values 0 to 1; also the colour that a picture is squared with.</summary>
    public double[] Mean { get; init; } = [0.48145466, 0.4578275, 0.40821073];

    /// <summary>Standard deviation of each channel.</summary>
    public double[] Deviation { get; init; } = [0.26862954, 0.26130258, 0.27577711];

    /// <summary>What a byte is multiplied by before normalisation.</summary>
    public double RescaleFactor { get; init; } = 0.00392156862745098;

    /// <summary>Fills the square around a picture: the mean as bytes, rounded down.</summary>
    public Rgb PadColour => new((byte)(255 * Mean[0]), (byte)(255 * Mean[1]), (byte)(255 * Mean[2]));
}
