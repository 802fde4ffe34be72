using TorchSharp;
using static TorchSharp.torch;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary>How much a run sees: what pays in a few hours on two processor cores, or in minutes on a GPU.</summary>
/// <param name="Pictures">Stage 1: pictures in all.</param>
/// <param name="PicturesAtOnce">Stage 1: pictures a step.</param>
/// <param name="Scenes">Training scenes that are encoded for stage 2.</param>
/// <param name="HeldScenes">Validation scenes that are.</param>
/// <param name="Steps">Stage 2: steps in all.</param>
/// <param name="Batch">Stage 2: pictures a step.</param>
internal sealed record TrainingSizes(int Pictures, int PicturesAtOnce, int Scenes, int HeldScenes, int Steps, int Batch)
{
    /// <summary>Skills form by steps more than by pictures: 4 a step are learnt from faster than 8.</summary>
    public static TrainingSizes Processor { get; } = new(28_000, 8, 12_000, 400, 10_000, 4);

    /// <summary>A step costs what its kernels take to be launched, hardly more for more pictures.</summary>
    public static TrainingSizes Gpu { get; } = new(224_000, 64, 40_000, 400, 8_000, 48);

    public static TrainingSizes Smoke { get; } = new(64, 8, 64, 16, 30, 2);

    public static TrainingSizes For(Device device) => device.type == DeviceType.CPU ? Processor : Gpu;
}
