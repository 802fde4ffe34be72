using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>
    /// A tensor of libtorch. Owns one reference to it, given back by Dispose, by the dispose scope that was innermost when it was
    /// made, or at last by the finalizer. Not thread-safe while it is changed.
    /// </summary>
    public partial class Tensor : IDisposable
    {
        private static long _totalCount;
        private static long _peakCount;
        private TensorHandle _handle;

        internal Tensor(TensorHandle handle)
        {
            _handle = handle;
            var count = Interlocked.Increment(ref _totalCount);
            if (count > Volatile.Read(ref _peakCount)) Volatile.Write(ref _peakCount, count);
            OwningDisposeScope = DisposeScopeManager.ThreadSingleton.RegisterOnCurrentDisposeScope(this);
        }

        /// <summary>Made and not yet disposed, on all threads.</summary>
        public static long TotalCount => Volatile.Read(ref _totalCount);

        public static long PeakCount => Volatile.Read(ref _peakCount);

        internal DisposeScope? OwningDisposeScope { get; set; }

        internal TensorHandle SafeHandle =>
            IsInvalid ? throw new InvalidOperationException("Tensor invalid -- empty handle.") : _handle;

        /// <summary>The native tensor's address.</summary>
        /// <exception cref="InvalidOperationException">The tensor was disposed or its handle moved.</exception>
        public IntPtr Handle => SafeHandle.DangerousGetHandle();

        public bool IsInvalid => _handle.IsInvalid || _handle.IsClosed;

        public long Dimensions => Info().Rank;
        public long dim() => Dimensions;
        public long ndim => Dimensions;
        public long NumberOfElements => Info().Elements;
        public long numel() => NumberOfElements;
        public long ElementSize => Info().ItemBytes;
        public long element_size() => ElementSize;
        public ScalarType dtype => (ScalarType)Info().ScalarType;
        public bool is_leaf => Info().IsLeaf != 0;
        public bool is_contiguous() => Info().IsContiguous != 0;
        public bool is_integral() => torch.is_integral(dtype);
        public bool is_floating_point() => torch.is_floating_point(dtype);
        public bool is_complex() => torch.is_complex(dtype);
        public bool is_cuda => device_type == DeviceType.CUDA;
        public DeviceType device_type => (DeviceType)Info().DeviceType;
        public int device_index => Info().DeviceIndex;

        public Device device
        {
            get
            {
                var info = Info();
                return new Device((DeviceType)info.DeviceType, info.DeviceIndex);
            }
        }

        public long[] shape
        {
            get
            {
                var sizes = new long[Info().Rank];
                NativeMethods.Check(NativeMethods.m3t_tensor_sizes(SafeHandle, sizes, sizes.Length));
                return sizes;
            }
        }

        public long[] size() => shape;

        /// <summary>The size of one dimension; negative ones count from the end.</summary>
        public long size(int dim)
        {
            var sizes = shape;
            return sizes[dim < 0 ? dim + sizes.Length : dim];
        }

        public long[] stride()
        {
            var strides = new long[Info().Rank];
            NativeMethods.Check(NativeMethods.m3t_tensor_strides(SafeHandle, strides, strides.Length));
            return strides;
        }

        public long stride(int dim)
        {
            var strides = stride();
            return strides[dim < 0 ? dim + strides.Length : dim];
        }

        /// <summary>A second, independent reference to the same native tensor.</summary>
        public Tensor alias()
        {
            NativeMethods.Check(NativeMethods.m3t_tensor_alias(SafeHandle, out var alias));
            return new Tensor(alias);
        }

        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }

        public void Dispose()
        {
            OwningDisposeScope?.MarkAsDisposed(this);
            if (!IsInvalid) Interlocked.Decrement(ref _totalCount);
            _handle.Dispose();
            GC.SuppressFinalize(this);
        }

        /// <summary>A tensor that nobody disposed: its handle frees itself, this keeps the count right.</summary>
        ~Tensor()
        {
            if (!IsInvalid) Interlocked.Decrement(ref _totalCount);
        }

        public override string ToString() =>
            IsInvalid ? "[disposed]" : $"[{string.Join("x", shape)}], type = {dtype}, device = {device}";

        /// <summary>Takes the native reference out; this tensor is invalid afterwards and belongs to no scope.</summary>
        internal TensorHandle MoveHandle()
        {
            var moved = SafeHandle;
            OwningDisposeScope?.Detach(this);
            Interlocked.Decrement(ref _totalCount);
            _handle = new TensorHandle();
            return moved;
        }

        private TensorInfo Info()
        {
            NativeMethods.Check(NativeMethods.m3t_tensor_info(SafeHandle, out var info));
            return info;
        }
    }
}
