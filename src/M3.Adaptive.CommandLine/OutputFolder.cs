namespace M3.Adaptive.CommandLine;

/// <summary>
/// Where a command writes a folder of files: a new or empty one, or one that holds nothing but what the same command wrote before. Nothing of the
/// user's is deleted or written over.
/// </summary>
public static class OutputFolder
{
    /// <param name="folder">What the user named.</param>
    /// <param name="what">What the command writes, as in "a report".</param>
    /// <param name="isOwn">Whether a file or folder, by its path, is one that the command itself writes and may replace.</param>
    /// <exception cref="CommandException">It is a file, holds something else, or cannot be written; the message names it.</exception>
    public static void Require(string folder, string what, Func<string, bool> isOwn)
    {
        ArgumentNullException.ThrowIfNull(isOwn);
        if (File.Exists(folder)) throw new CommandException($"{folder} is a file: name a new folder, or one that holds {what}");
        RequireWritable(folder);
        if (!Directory.Exists(folder)) return;
        if (Directory.EnumerateFileSystemEntries(folder).FirstOrDefault(entry => !isOwn(entry)) is { } foreign)
        {
            throw new CommandException(
                $"{folder} holds {Path.GetFileName(foreign)}, which is no part of {what}: name a new folder, or one that holds {what} alone");
        }
    }

    /// <summary>Finds out before any work whether this user may make a file or folder of this path.</summary>
    /// <param name="remedy">What the user can do if not.</param>
    /// <exception cref="CommandException">Not so.</exception>
    public static void RequireWritable(string path, string remedy = "name another place")
    {
        var nearest = Path.GetFullPath(path);
        while (!Directory.Exists(nearest)) nearest = Path.GetDirectoryName(nearest) ?? "/";
        try
        {
            new FileStream(Path.Combine(nearest, $".{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{path} cannot be written, as {nearest} takes no new file of this user's: {remedy}", cause: fault);
        }
    }

    /// <summary>Makes a folder and has it filled. Should that fail, the folders that were made for it are taken away, unless they hold something.</summary>
    public static void Fill(string folder, Action fill)
    {
        ArgumentNullException.ThrowIfNull(fill);
        List<string> made = [];
        for (var path = Path.GetFullPath(folder); path is not null && !Directory.Exists(path); path = Path.GetDirectoryName(path)) made.Add(path);
        Directory.CreateDirectory(folder);
        try
        {
            fill();
        }
        catch
        {
            foreach (var empty in made.Where(static path => !Directory.EnumerateFileSystemEntries(path).Any())) Directory.Delete(empty);
            throw;
        }
    }

    /// <summary>Writes files into a folder, which is made if need be: all of them lie whole beside their places before the first is replaced.</summary>
    public static void Write(string folder, IReadOnlyDictionary<string, string> texts) => Fill(folder, () => WriteInto(folder, texts));

    private static void WriteInto(string folder, IReadOnlyDictionary<string, string> texts)
    {
        var mark = Guid.NewGuid().ToString("N");
        var unfinished = texts.Keys.ToDictionary(name => Path.Combine(folder, name), name => Path.Combine(folder, $"{name}.{mark}.unfinished"));
        try
        {
            foreach (var (name, text) in texts) File.WriteAllText(unfinished[Path.Combine(folder, name)], text);
            foreach (var (place, beside) in unfinished) File.Move(beside, place, overwrite: true);
        }
        finally
        {
            foreach (var beside in unfinished.Values) File.Delete(beside);        // moved ones are not there any more
        }
    }
}
