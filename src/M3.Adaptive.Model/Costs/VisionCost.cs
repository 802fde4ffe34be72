using M3.Adaptive.Model.Network;

namespace M3.Adaptive.Model.Costs;

/// <summary>FLOPs of encoding one picture, the same at every scale: the tower up to the selected layer, then the projector.</summary>
public static class VisionCost
{
    public static double EncodeFlops(ModelConfig config) => PatchFlops(config.Vision) + TowerFlops(config) + ProjectorFlops(config);

    private static double TowerFlops(ModelConfig config)
    {
        var vision = config.Vision;
        double C = vision.HiddenSize, T = vision.PatchCount + (vision.HasClassToken ? 1 : 0);
        var linear = 2 * T * ((4 * C * C) + (2 * C * vision.IntermediateSize));
        var attention = 4 * T * T * C;
        return config.VisionBlocksUsed * (linear + attention);
    }

    private static double ProjectorFlops(ModelConfig config)
    {
        double inner = config.ProjectorHiddenSize;
        return 2 * config.Vision.PatchCount * ((config.Vision.HiddenSize * inner) + (inner * config.Language.HiddenSize));
    }

    private static double PatchFlops(VisionConfig vision) => vision.PatchEmbedding == PatchEmbedding.Linear
        ? Convolution(vision.PatchCount, vision.PatchSize, vision.Channels, vision.HiddenSize)
        : StemFlops(vision);

    /// <summary>The strided convolutions and, at the second and third resolution, one and two blocks of two convolutions.</summary>
    private static double StemFlops(VisionConfig vision)
    {
        const int Kernel = 3;
        var (first, second, third) = (vision.StemChannels[0], vision.StemChannels[1], vision.StemChannels[2]);
        double half = Math.Pow(vision.ImageSize / 2, 2), quarter = Math.Pow(vision.ImageSize / 4, 2), grid = vision.PatchCount;
        return Convolution(half, Kernel, vision.Channels, first)
            + Convolution(quarter, Kernel, first, second)
            + (2 * Convolution(quarter, Kernel, second, second))
            + Convolution(grid, Kernel, second, third)
            + (4 * Convolution(grid, Kernel, third, third));
    }

    private static double Convolution(double outputs, int kernel, int from, int to) => 2.0 * outputs * kernel * kernel * from * to;
}
