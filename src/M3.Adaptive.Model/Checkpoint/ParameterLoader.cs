
namespace M3.Adaptive.Model.Checkpoint;

/// <summary>A parameter's own memory, as bytes of its type.</summary>
public delegate Span<byte> ParameterBytes();

/// <summary>A parameter of the network that a tensor of the checkpoint goes into.</summary>
/// <param name="Name">Canonical name (<see cref="TensorNames"/>).</param>
/// <param name="Shape">Shape that the tensor must have.</param>
/// <param name="Type">Float type of the parameter; the stored one may differ and is converted.</param>
/// <param name="Bytes">The memory to fill.</param>
public sealed record ParameterSlot(string Name, IReadOnlyList<long> Shape, TensorType Type, ParameterBytes Bytes);

/// <summary>
/// Fills a network's parameters from a checkpoint, each straight into its own memory. Before anything is written, all of
/// them are compared with the files.
/// </summary>
public static class ParameterLoader
{
    /// <summary>Fills all parameters.</summary>
    /// <exception cref="CheckpointException">Tensors are missing, extra, or of another shape or type.</exception>
    public static void Load(CheckpointFolder folder, IEnumerable<ParameterSlot> parameters)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ParameterSlot[] slots = [.. parameters];
        folder.CheckTensors(slots.Select(slot => (slot.Name, slot.Shape)));
        foreach (var slot in slots) folder.Tensors[slot.Name].CopyTo(slot.Type, slot.Bytes());
    }
}
