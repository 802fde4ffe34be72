using M3.Adaptive.Model.Network;
using TorchSharp;
using TorchSharp.Modules;

namespace M3.Adaptive.Model.Checkpoint;

/// <summary>A network's parameters as a checkpoint's tensors, by canonical names (<see cref="TensorNames"/>).</summary>
public static class ModuleParameters
{
    /// <summary>
    /// Fills parameters from a checkpoint, each in its own type and memory. They must lie on the CPU and be contiguous, as
    /// modules are made.
    /// </summary>
    /// <exception cref="CheckpointException">Tensors are missing, extra, or of another shape or type.</exception>
    public static void Load(CheckpointFolder folder, IEnumerable<(string Name, Parameter Parameter)> parameters) =>
        ParameterLoader.Load(folder, parameters.Select(
            entry => new ParameterSlot(entry.Name, entry.Parameter.shape, TypeOf(entry.Parameter), () => entry.Parameter.bytes)));

    /// <summary>
    /// Gives a model that was made without memory its weights in bfloat16: what the checkpoint stores so is mapped and read as it is used,
    /// the rest is converted into memory.
    /// </summary>
    /// <exception cref="CheckpointException">Tensors are missing, extra, or of another shape or type.</exception>
    public static void Map(CheckpointFolder folder, M3Model model)
    {
        (string Key, IReadOnlyList<long> Shape)[] weights = [.. model.Weights().Select(static weight => (weight.Key, (IReadOnlyList<long>)weight.Parameter.shape))];
        folder.CheckTensors(weights);
        foreach (var (key, shape) in weights) model.Put(key, InBFloat16(folder.Tensors[key], shape));
    }

    /// <summary>Parameters in the form that <see cref="CheckpointWriter.Save"/> takes; each is copied when asked for.</summary>
    public static IEnumerable<(string Name, IReadOnlyList<long> Shape, TensorValues Values)> Of(
        IEnumerable<(string Name, Parameter Parameter)> parameters) =>
        parameters.Select(entry => (entry.Name, (IReadOnlyList<long>)entry.Parameter.shape, new TensorValues(() => Values(entry.Parameter))));

    /// <summary>All elements of a float tensor, whatever its type, device and layout.</summary>
    public static float[] Values(torch.Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var detached = tensor.detach();
        using var local = detached.cpu();
        using var dense = local.contiguous();
        var values = GC.AllocateUninitializedArray<float>(checked((int)dense.numel()));
        FloatConversion.ToSingle(TypeOf(dense), dense.bytes, values);
        return values;
    }

    private static torch.Tensor InBFloat16(TensorView view, IReadOnlyList<long> shape)
    {
        if (MappedTensor.Fits(view)) return MappedTensor.Of(view);
        var weight = torch.empty([.. shape], torch.ScalarType.BFloat16).DetachFromDisposeScope();
        view.CopyTo(TensorType.BFloat16, weight.bytes);
        return weight;
    }

    private static TensorType TypeOf(torch.Tensor tensor) => tensor.dtype switch
    {
        torch.ScalarType.Float32 => TensorType.Float32,
        torch.ScalarType.BFloat16 => TensorType.BFloat16,
        torch.ScalarType.Float16 => TensorType.Float16,
        var other => throw new ArgumentException($"A parameter is of type {other}: expected Float32, BFloat16 or Float16.", nameof(tensor)),
    };
}
