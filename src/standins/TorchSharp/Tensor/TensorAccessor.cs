using System.Collections;

namespace TorchSharp.Utils;

/// <summary>Typed view of a CPU tensor's elements in row-major order of its shape. Valid while the tensor is.</summary>
public sealed class TensorAccessor<T> : IEnumerable<T> where T : unmanaged
{
    private readonly torch.Tensor _tensor;

    internal TensorAccessor(torch.Tensor tensor) => _tensor = tensor;

    public long Count => _tensor.NumberOfElements;

    /// <summary>The element at a position in row-major order.</summary>
    public unsafe T this[params long[] indices]
    {
        get => *Address(indices);
        set => *Address(indices) = value;
    }

    public T[] ToArray()
    {
        var result = new T[Count];
        CopyTo(result.AsSpan());
        return result;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0)
    {
        if (tensorIndex == 0) CopyTo(array.AsSpan(arrayIndex));
        else ToArray().AsSpan((int)tensorIndex).CopyTo(array.AsSpan(arrayIndex));
    }

    public unsafe void CopyTo(Span<T> target)
    {
        if (!_tensor.is_contiguous())
        {
            using var whole = _tensor.contiguous();
            whole.data<T>().CopyTo(target);
            return;
        }
        new ReadOnlySpan<T>((void*)_tensor.DataPointer(), checked((int)Count)).CopyTo(target);
    }

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)ToArray()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private unsafe T* Address(long[] indices)
    {
        var (sizes, strides) = (_tensor.shape, _tensor.stride());
        if (indices.Length == 1 && sizes.Length != 1) indices = Unravel(indices[0], sizes);
        if (indices.Length != sizes.Length)
            throw new ArgumentException($"{indices.Length} indices for a tensor of {sizes.Length} dimensions");
        var offset = 0L;
        for (var i = 0; i < indices.Length; i++)
        {
            if ((ulong)indices[i] >= (ulong)sizes[i])
                throw new ArgumentOutOfRangeException(nameof(indices), indices[i], $"Dimension {i} has {sizes[i]} elements");
            offset += indices[i] * strides[i];
        }
        return (T*)_tensor.DataPointer() + offset;
    }

    private static long[] Unravel(long flat, long[] sizes)
    {
        var indices = new long[sizes.Length];
        for (var i = sizes.Length - 1; i >= 0; i--) (flat, indices[i]) = Math.DivRem(flat, sizes[i]);
        return flat == 0 ? indices : throw new ArgumentOutOfRangeException(nameof(flat), "The position lies behind the last element");
    }
}
