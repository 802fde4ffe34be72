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

/// <summary>A file that others may read but only one process writes, held by a lock file beside it that falls with the process.</summary>
internal sealed class AppendOnlyFile : IAppendOnlyFile
{
    private readonly FileStream _file;
    private readonly FileStream _lock;

    /// <exception cref="StoreException">Another process writes it, or it may not be written.</exception>
    public AppendOnlyFile(string path)
    {
        try
        {
            _lock = Open(path + ".lock", FileShare.None);
            _file = Open(path, FileShare.ReadWrite);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            _lock?.Dispose();
            throw new StoreException($"{path} cannot be opened for writing: {fault.Message} Stop the process that uses it, or set M3_STATE to another folder.", fault);
        }

        DropTornLine();
        _file.Seek(0, SeekOrigin.End);
    }

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
        _file.Dispose();
        _lock.Dispose();
    }

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
