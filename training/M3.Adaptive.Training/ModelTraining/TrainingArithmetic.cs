using M3.Adaptive.Model.Backend;
using M3.Adaptive.Model.Network;
using static TorchSharp.torch;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary>Which arithmetic trains fastest here, over float32 weights either way.</summary>
internal static class TrainingArithmetic
{
    private static readonly ModelConfig Shape = NanoModel.Config(vocabulary: 1);
    private static readonly ScalarType[] Types = [ScalarType.Float32, ScalarType.BFloat16];

    /// <summary>What the folder's run is computed in: bfloat16 on a GPU, on a processor what was quicker when the run began, which the folder keeps.</summary>
    /// <param name="folder">Of the run.</param>
    /// <param name="device">Of the tensors.</param>
    /// <param name="quickest">Asked once a run on a processor.</param>
    public static ScalarType Of(TrainingFolder folder, Device device, Func<ScalarType> quickest)
    {
        if (device.type != TorchSharp.DeviceType.CPU) return ScalarType.BFloat16;
        if (File.Exists(folder.Arithmetic) && Enum.TryParse<ScalarType>(File.ReadAllText(folder.Arithmetic), out var kept) && Types.Contains(kept)) return kept;
        var chosen = quickest();
        Directory.CreateDirectory(folder.Root);
        File.WriteAllText(folder.Arithmetic, $"{chosen}");
        Console.Error.WriteLine($"Computing in {chosen}, which is quicker here; {folder.Arithmetic} keeps that for this run.");
        return chosen;
    }

    /// <summary>
    /// Times forward and backward passes of the tower, one picture a worker, some two seconds: a processor that has instructions for bfloat16 may still be slower by them.
    /// </summary>
    public static ScalarType Quickest(int workers, TimeProvider time)
    {
        var towers = Enumerable.Range(0, workers).Select(static _ => new VisionTower(Shape, batchNorm: true)).ToArray();
        try
        {
            return Race.Quickest(time, Types, type => Workers.Run(workers, worker => Pass(towers[worker], type)));
        }
        finally
        {
            foreach (var tower in towers) tower.Dispose();
        }
    }

    private static void Pass(VisionTower tower, ScalarType type)
    {
        var side = Shape.Vision.ImageSize;
        tower.zero_grad();
        tower.call(randn([1, 3, side, side], type)).to(ScalarType.Float32).mean().backward();
    }
}
