namespace M3.Adaptive.Model.Checkpoint;

/// <summary>Writes files that are either there whole or not at all.</summary>
internal static class AtomicFile
{
    /// <summary>Writes to a file beside <paramref name="path"/>, forces it to disk and moves it into place.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        var partial = path + ".partial";
        try
        {
            using (var stream = new FileStream(partial, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(partial, path, overwrite: true);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }
}
