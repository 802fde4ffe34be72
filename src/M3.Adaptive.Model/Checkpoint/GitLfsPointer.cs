namespace M3.Adaptive.Model.Checkpoint;

/// <summary>The few lines of text that a clone without git-lfs holds in place of a large file.</summary>
internal static class GitLfsPointer
{
    /// <exception cref="CheckpointException">The file is such a pointer.</exception>
    public static void Refuse(string path)
    {
        var begins = "version https://git-lfs.github.com/spec/"u8;
        Span<byte> front = stackalloc byte[begins.Length];
        using var file = File.OpenHandle(path);
        if (RandomAccess.Read(file, front, 0) == front.Length && front.SequenceEqual(begins))
            throw new CheckpointException(path, "this is a git-lfs pointer and not the file itself: run git lfs pull in its folder");
    }
}
