namespace M3.Adaptive.Store.Decisions;

/// <summary>What the log needs of a file. Used by one writer at a time.</summary>
internal interface IAppendOnlyFile : IDisposable
{
    long Length { get; }

    void Append(ReadOnlySpan<byte> bytes);

    /// <summary>Returns when everything appended has reached the device.</summary>
    void Flush();

    /// <summary>Forgets what lies beyond a length.</summary>
    void Truncate(long length);
}

internal static class AppendOnlyFileExtensions
{
    // Larger than a decision, so that one would have fitted.
    private const int Room = 16 << 10;

    /// <summary>Takes the room of a decision and gives it back.</summary>
    /// <exception cref="IOException">There is none, or the file can no longer be written.</exception>
    public static void EnsureRoom(this IAppendOnlyFile file)
    {
        var before = file.Length;
        try
        {
            file.Append(new byte[Room]);
        }
        finally
        {
            file.Truncate(before);
        }
    }
}
