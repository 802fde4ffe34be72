using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace M3.Adaptive.Model.Checkpoint;

/// <summary>
/// Tensors that are a file's own bytes: nothing is read until it is used, nothing is copied, and the system may drop pages and read them
/// again. They must not be written to. The mapping goes with the last tensor over it.
/// </summary>
internal static unsafe partial class MappedTensor
{
    private static readonly ConcurrentDictionary<nint, MappedBytes> Held = new();

    /// <summary>Whether a tensor of the file can be used where it lies: stored in bfloat16, and at an even address.</summary>
    public static bool Fits(TensorView view) => view.Type == TensorType.BFloat16 && view.IsAligned(sizeof(ushort));

    /// <param name="view">One that <see cref="Fits"/>; its file may be closed afterwards.</param>
    /// <returns>bfloat16 on the CPU; the caller's, in no dispose scope.</returns>
    public static torch.Tensor Of(TensorView view)
    {
        var mapped = view.Map();
        var address = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(mapped.Bytes));
        Held[address] = mapped;
        long[] shape = [.. view.Shape];
        fixed (long* sizes = shape)
        {
            const sbyte type = (sbyte)torch.ScalarType.BFloat16;
            var handle = THSTensor_new(address, &Release, sizes, shape.Length, type, type, (int)DeviceType.CPU, -1, false);
            if (handle == 0) torch.CheckForErrors();
            return torch.Tensor.UnsafeCreateTensor(handle).DetachFromDisposeScope();
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Release(nint address)
    {
        if (Held.TryRemove(address, out var mapped)) mapped.Dispose();
    }

    // TorchSharp's own entry point; its managed face takes arrays alone.
    [LibraryImport("LibTorchSharp")]
    private static partial nint THSTensor_new(
        nint data, delegate* unmanaged[Cdecl]<nint, void> deleter, long* sizes, int dimensions, sbyte stored, sbyte type, int deviceType, int deviceIndex,
        [MarshalAs(UnmanagedType.U1)] bool requiresGrad);
}
