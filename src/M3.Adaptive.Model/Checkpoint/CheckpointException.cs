namespace M3.Adaptive.Model.Checkpoint;

/// <summary>
/// A checkpoint that cannot be used. The message is one line: the file or folder and its first faults, each with the tensor or
/// key, what was expected and what is there, and how many more there are.
/// </summary>
public sealed class CheckpointException : Exception
{
    private const int MostNamed = 5;
    private const int LongestFault = 400;

    public CheckpointException(string path, string fault, Exception? inner = null) : this(path, [fault], inner)
    {
    }

    public CheckpointException(string path, IReadOnlyList<string> faults, Exception? inner = null) : base(Line(path, faults), inner) =>
        Faults = faults;

    /// <summary>All of them, one entry a fault.</summary>
    public IReadOnlyList<string> Faults { get; }

    private static string Line(string path, IReadOnlyList<string> faults)
    {
        var count = faults.Count == 1 ? "" : $"{faults.Count} faults: ";
        var rest = faults.Count > MostNamed ? $"; and {faults.Count - MostNamed} more" : "";
        var line = $"{path}: {count}{string.Join("; ", faults.Take(MostNamed).Select(Shorten))}{rest}.";

        // Names come from files, which may hold anything.
        return string.Concat(line.Select(character => char.IsControl(character) ? ' ' : character));
    }

    private static string Shorten(string fault) => fault.Length > LongestFault ? fault[..LongestFault] + "..." : fault;
}
