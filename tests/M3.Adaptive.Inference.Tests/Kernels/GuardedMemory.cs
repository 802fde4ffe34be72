using System.Runtime.InteropServices;
using Xunit;

namespace M3.Adaptive.Inference.Tests.Kernels;

/// <summary>Memory that ends where a page begins that nobody may touch: a read past the end ends the process.</summary>
internal sealed unsafe partial class GuardedMemory : IDisposable
{
    private const int ReadWrite = 3, PrivateAnonymous = 0x22;
    private static readonly nuint Page = (nuint)Environment.SystemPageSize;

    private readonly List<(nint Start, nuint Length)> _mapped = [];

    /// <summary>Zeros, followed by the guard at once.</summary>
    public byte* Bytes(int count)
    {
        var pages = ((nuint)Math.Max(1, count) + Page - 1) / Page * Page;
        var start = Map(0, pages + Page, ReadWrite, PrivateAnonymous, -1, 0);
        Assert.NotEqual(-1, start);
        Assert.Equal(0, Protect(start + (nint)pages, Page, 0));
        _mapped.Add((start, pages + Page));
        return (byte*)start + pages - count;
    }

    public float* Floats(int count) => (float*)Bytes(count * sizeof(float));

    public float* Floats(ReadOnlySpan<float> values)
    {
        var floats = Floats(values.Length);
        values.CopyTo(new Span<float>(floats, values.Length));
        return floats;
    }

    public void Dispose()
    {
        foreach (var (start, length) in _mapped) Assert.Equal(0, Unmap(start, length));
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(nint address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint length);
}
