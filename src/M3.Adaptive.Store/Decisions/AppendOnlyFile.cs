namespace M3.Adaptive.Store.Decisions;

/// <summary>
/// A file that others may read but only one process writes, held by a lock file beside it that falls with the process. Closing it removes the
/// lock file, the file itself while nothing is in it, and folders that were made for it and hold nothing else.
/// </summary>
internal sealed class AppendOnlyFile : IAppendOnlyFile
{
    private readonly string _path;
    private readonly IReadOnlyList<string> _newFolders;
    private readonly FileStream? _lock;
    private readonly FileStream _file;

    /// <exception cref="StoreException">Another process writes it, or it cannot be written.</exception>
    public AppendOnlyFile(string path)
    {
        _path = Path.GetFullPath(path);
        _newFolders = [.. Parents(_path).TakeWhile(static folder => !Path.Exists(folder))];
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path) ?? "/");
            _lock = Open(LockPath, FileShare.None);
            _file = Open(_path, FileShare.ReadWrite);
            DropTornLine();
            _file.Seek(0, SeekOrigin.End);
            this.EnsureRoom();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Dispose();
            throw new StoreException($"decisions cannot be kept in {Path.GetDirectoryName(_path)}: {fault.Message.TrimEnd('.')}. Mend that, or set M3_STATE to another folder.", fault);
        }
    }

    private string LockPath => _path + ".lock";

    public long Length => _file.Length;

    public void Append(ReadOnlySpan<byte> bytes) => _file.Write(bytes);

    public void Flush() => _file.Flush(flushToDisk: true);

    public void Truncate(long length)
    {
        _file.SetLength(length);
        _file.Seek(0, SeekOrigin.End);
    }

    public void Dispose()
    {
        var isEmpty = _file is { CanSeek: true, Length: 0 };                       // null while it is being opened
        _file?.Dispose();
        if (isEmpty) File.Delete(_path);
        if (_lock is not null) File.Delete(LockPath);                              // while it is held: nobody else's
        _lock?.Dispose();
        foreach (var folder in _newFolders.TakeWhile(IsEmptyFolder)) Directory.Delete(folder);
    }

    private static IEnumerable<string> Parents(string path)
    {
        for (var folder = Path.GetDirectoryName(path); folder is not null; folder = Path.GetDirectoryName(folder)) yield return folder;
    }

    private static bool IsEmptyFolder(string path) => Directory.Exists(path) && !Directory.EnumerateFileSystemEntries(path).Any();

    // Decisions tell what was asked and answered: the file is its owner's alone.
    private static FileStream Open(string path, FileShare share)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    // A process that was killed may have left part of a line; what it had acknowledged ends with a newline before that.
    private void DropTornLine()
    {
        var end = _file.Length;
        var block = new byte[4096];
        while (end > 0)
        {
            var start = Math.Max(0, end - block.Length);
            _file.Seek(start, SeekOrigin.Begin);
            var read = block.AsSpan(0, (int)(end - start));
            _file.ReadExactly(read);
            var newline = read.LastIndexOf((byte)'\n');
            if (newline >= 0)
            {
                end = start + newline + 1;
                break;
            }

            end = start;
        }

        if (end < _file.Length) _file.SetLength(end);
    }
}
