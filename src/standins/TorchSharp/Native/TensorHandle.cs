using System.Runtime.InteropServices;

namespace TorchSharp.Native;

/// <summary>Owns one at::Tensor of the shim; the finalizer is the net, Dispose is the plan.</summary>
internal sealed class TensorHandle : SafeHandle
{
    public TensorHandle() : base(invalidHandleValue: 0, ownsHandle: true) { }

    public TensorHandle(nint owned) : this() => SetHandle(owned);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => NativeMethods.m3t_tensor_free(handle) == 0;
}

/// <summary>Owns one at::Generator of the shim.</summary>
internal sealed class GeneratorHandle : SafeHandle
{
    public GeneratorHandle() : base(invalidHandleValue: 0, ownsHandle: true) { }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => NativeMethods.m3t_generator_free(handle) == 0;
}
