using System.Runtime.InteropServices;

namespace M3.Adaptive.Inference.Kernels;

/// <summary>Floats outside the managed heap, at an address that vectors like; grows, and then forgets what it held.</summary>
internal sealed unsafe class NativeBuffer : IDisposable
{
    private const nuint Alignment = 64;

    private nuint _count;

    public float* Floats { get; private set; }

    /// <summary>Zeros, unless it was large enough before.</summary>
    public float* AtLeast(long count)
    {
        if ((nuint)count <= _count) return Floats;
        Dispose();
        _count = (nuint)count;
        Floats = (float*)NativeMemory.AlignedAlloc(_count * sizeof(float), Alignment);
        NativeMemory.Clear(Floats, _count * sizeof(float));
        return Floats;
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(Floats);
        Floats = null;
        _count = 0;
    }
}
