namespace M3.Adaptive.Model.Checkpoint;

/// <summary>
/// A checkpoint that cannot be used. The message is one line and names every fault that was found: file, tensor or key, what
/// was expected and what is there.
/// </summary>
public sealed class CheckpointException : Exception
{
    public CheckpointException(string path, string fault, Exception? inner = null) : this(path, [fault], inner)
    {
    }

    public CheckpointException(string path, IReadOnlyList<string> faults, Exception? inner = null) : base(Line(path, faults), inner) =>
        Faults = faults;

    /// <summary>One entry a fault.</summary>
    public IReadOnlyList<string> Faults { get; }

    private static string Line(string path, IReadOnlyList<string> faults) =>
        faults.Count == 1 ? $"{path}: {faults[0]}." : $"{path}: {faults.Count} faults: {string.Join("; ", faults)}.";
}
