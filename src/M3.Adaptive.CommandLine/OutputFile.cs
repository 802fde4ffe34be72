namespace M3.Adaptive.CommandLine;

/// <summary>Where a command writes one file: a new one, as nothing tells a file of the user's from one that the command wrote before.</summary>
public static class OutputFile
{
    /// <exception cref="CommandException">There is something at that place, or this user may not write there.</exception>
    public static void RequireNew(string path)
    {
        if (Path.Exists(path)) throw new CommandException($"{path} exists already: name a new file");
        OutputFolder.RequireWritable(path);
    }

    /// <summary>Writes the whole file, or none.</summary>
    /// <exception cref="IOException">There is something at that place, or it cannot be written.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var file = new FileStream(path, FileMode.CreateNew);
        try
        {
            using (file) file.Write(content);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }
}
