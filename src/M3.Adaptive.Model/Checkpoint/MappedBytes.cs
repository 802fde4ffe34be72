using System.IO.MemoryMappedFiles;

namespace M3.Adaptive.Model.Checkpoint;

/// <summary>A range of a file, mapped until disposed. <see cref="Bytes"/> must not be used afterwards.</summary>
public sealed unsafe class MappedBytes : IDisposable
{
    private readonly MemoryMappedViewAccessor? _view;
    private readonly byte* _start;
    private readonly int _length;
    private bool _disposed;

    internal MappedBytes(MemoryMappedFile file, long offset, int length)
    {
        _length = length;
        if (length == 0) return;                // a view of zero bytes would mean the rest of the file
        _view = file.CreateViewAccessor(offset, length, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        _start += _view.PointerOffset;
    }

    /// <summary>The bytes, read-only.</summary>
    /// <exception cref="ObjectDisposedException">After <see cref="Dispose"/>.</exception>
    public ReadOnlySpan<byte> Bytes
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return new ReadOnlySpan<byte>(_start, _length);
        }
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        if (_view is null) return;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
    }
}
