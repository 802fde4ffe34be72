namespace M3.Adaptive.CommandLine.Values;

/// <summary>A number of bytes as people write it: <c>16MiB</c>, <c>1.5GB</c>; without a unit, bytes.</summary>
public readonly record struct ByteSize(long Bytes)
{
    private static readonly (string Unit, long Size)[] BinaryUnits =
        [("TiB", 1L << 40), ("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10), ("B", 1)];

    public static bool TryParse(string text, out ByteSize size)
    {
        var isOne = Quantity.TryParse(text, SizeOf, out var bytes);
        size = new ByteSize(bytes);
        return isOne;
    }

    /// <summary>In the largest unit that gives a whole number.</summary>
    public override string ToString() => Quantity.Show(Bytes, BinaryUnits);

    private static long? SizeOf(string unit) => unit.ToUpperInvariant() switch
    {
        "" or "B" => 1,
        "KB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        "TB" => 1_000_000_000_000,
        "KIB" => 1L << 10,
        "MIB" => 1L << 20,
        "GIB" => 1L << 30,
        "TIB" => 1L << 40,
        _ => null,
    };
}
