using TorchSharp.Native;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The elements of a CPU tensor, without copying.</summary>
        /// <exception cref="InvalidOperationException">The tensor is not in CPU memory.</exception>
        /// <exception cref="ArgumentException">T is not the element type.</exception>
        public TensorAccessor<T> data<T>() where T : unmanaged
        {
            RequireCpu();
            var fits = dtype switch
            {
                ScalarType.Byte => typeof(T) == typeof(byte),
                ScalarType.Int8 => typeof(T) == typeof(sbyte),
                ScalarType.Int16 => typeof(T) == typeof(short),
                ScalarType.Int32 => typeof(T) == typeof(int),
                ScalarType.Int64 => typeof(T) == typeof(long),
                ScalarType.Float16 => typeof(T) == typeof(Half),
                ScalarType.Float32 => typeof(T) == typeof(float),
                ScalarType.Float64 => typeof(T) == typeof(double),
                ScalarType.Bool => typeof(T) == typeof(bool),
                _ => false,
            };
            return fits ? new TensorAccessor<T>(this) : throw new ArgumentException($"{typeof(T).Name} is not compatible with {dtype}");
        }

        /// <summary>The single element.</summary>
        public T item<T>() where T : unmanaged
        {
            if (NumberOfElements != 1) throw new ArgumentException("Number of elements in the tensor must be 1");
            if (device_type == DeviceType.CPU) return data<T>()[0];
            using var here = cpu();
            return here.data<T>()[0];
        }

        /// <summary>The raw bytes of a contiguous CPU tensor of at most 2 GiB, in the machine's byte order. Valid while the tensor is.</summary>
        public unsafe Span<byte> bytes
        {
            get
            {
                if (!is_contiguous()) throw new InvalidOperationException("bytes needs a contiguous tensor.");
                RequireCpu();
                return new Span<byte>((void*)DataPointer(), checked((int)(NumberOfElements * ElementSize)));
            }
            set
            {
                var own = bytes;
                if (own.Length != value.Length)
                    throw new ArgumentException($"Mismatched data sizes: the tensor has {own.Length} bytes, {value.Length} given.");
                value.CopyTo(own);
            }
        }

        private void RequireCpu()
        {
            if (device_type != DeviceType.CPU)
                throw new InvalidOperationException(
                    "Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
        }

        internal nint DataPointer()
        {
            NativeMethods.Check(NativeMethods.m3t_tensor_data(SafeHandle, out var data));
            return data;
        }
    }
}
