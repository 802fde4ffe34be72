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
    /// <exception cref="CommandException">It is a file, or holds something else; the message names it.</exception>
    public static void Require(string folder, string what, Func<string, bool> isOwn)
    {
        ArgumentNullException.ThrowIfNull(isOwn);
        if (File.Exists(folder)) throw new CommandException($"{folder} is a file: name a new folder, or one that holds {what}");
        if (!Directory.Exists(folder)) return;
        if (Directory.EnumerateFileSystemEntries(folder).FirstOrDefault(entry => !isOwn(entry)) is { } foreign)
        {
            throw new CommandException(
                $"{folder} holds {Path.GetFileName(foreign)}, which is no part of {what}: name a new folder, or one that holds {what} alone");
        }
    }

    /// <summary>Writes files into a folder, which is made if need be: all of them lie whole beside their places before the first is replaced.</summary>
    public static void Write(string folder, IReadOnlyDictionary<string, string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        Directory.CreateDirectory(folder);
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
