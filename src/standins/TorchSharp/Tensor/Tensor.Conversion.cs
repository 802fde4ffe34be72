using static TorchSharp.Native.Operators;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>As another element type; the same storage when it already is of that type and no copy is asked for.</summary>
        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            After(disposeAfter, Call("to.dtype", this, type, non_blocking, copy));

        public Tensor to_type(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(type, copy, disposeAfter, non_blocking);

        public Tensor to(ScalarType type, Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            After(disposeAfter, Call("to.device", this, device, type, non_blocking, copy));

        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(dtype, device, copy, disposeAfter, non_blocking);

        public Tensor to(DeviceType deviceType, int deviceIndex = -1, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(new Device(deviceType, deviceIndex), copy, disposeAfter, non_blocking);

        public Tensor to(Tensor other, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(other.dtype, other.device, copy, disposeAfter, non_blocking);

        public Tensor cpu(bool disposeAfter = false, bool non_blocking = false) => to(CPU, false, disposeAfter, non_blocking);

        public Tensor cuda(Device? device = null, bool disposeAfter = false, bool non_blocking = false) =>
            to(device ?? CUDA, false, disposeAfter, non_blocking);

        public Tensor @float() => to(ScalarType.Float32);
        public Tensor @double() => to(ScalarType.Float64);
        public Tensor @long() => to(ScalarType.Int64);
        public Tensor @int() => to(ScalarType.Int32);
        public Tensor @bool() => to(ScalarType.Bool);
        public Tensor half() => to(ScalarType.Float16);
        public Tensor bfloat16() => to(ScalarType.BFloat16);

        public Tensor clone() => Call("clone", this);
        public Tensor contiguous() => Call("contiguous", this);

        public Tensor copy_(Tensor source, bool nonBlocking = false)
        {
            CallInPlace("copy_", this, source, nonBlocking);
            return this;
        }

        public Tensor fill_(Scalar value)
        {
            CallInPlace("fill_.Scalar", this, value);
            return this;
        }

        public Tensor zero_()
        {
            CallInPlace("zero_", this);
            return this;
        }

        private Tensor After(bool disposeThis, Tensor result)
        {
            if (disposeThis) Dispose();
            return result;
        }
    }
}

/// <summary>Reads a tensor of one element.</summary>
public static class TensorExtensionMethods
{
    public static Scalar ToScalar(this torch.Tensor value) => CallScalar("item", value);
    public static float ToSingle(this torch.Tensor value) => value.ToScalar().ToSingle();
    public static double ToDouble(this torch.Tensor value) => value.ToScalar().ToDouble();
    public static long ToInt64(this torch.Tensor value) => value.ToScalar().ToInt64();
    public static int ToInt32(this torch.Tensor value) => value.ToScalar().ToInt32();
    public static bool ToBoolean(this torch.Tensor value) => value.ToScalar().ToBoolean();
}
