using static TorchSharp.Native.Operators;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor reshape(params long[] shape) => Call("reshape", this, shape);
        public Tensor view(params long[] shape) => Call("view", this, shape);
        public Tensor view_as(Tensor other) => view(other.shape);
        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Call("flatten.using_ints", this, start_dim, end_dim);
        public Tensor unflatten(long dim, params long[] sizes)
        {
            var whole = shape;
            var at = (int)(dim < 0 ? dim + whole.Length : dim);
            return view([.. whole[..at], .. sizes, .. whole[(at + 1)..]]);
        }

        public Tensor unsqueeze(long dim) => Call("unsqueeze", this, dim);
        public Tensor squeeze(long? dim = null) => dim is { } one ? Call("squeeze.dim", this, one) : Call("squeeze", this);
        public Tensor t() => Call("t", this);
        public Tensor transpose(long dim0, long dim1) => Call("transpose.int", this, dim0, dim1);
        public Tensor permute(params long[] permutation) => Call("permute", this, permutation);
        public Tensor expand(params long[] sizes) => Call("expand", this, sizes);
        public Tensor expand(ReadOnlySpan<long> sizes, bool isImplicit = false) => Call("expand", this, sizes, isImplicit);
        public Tensor expand_as(Tensor other) => expand(other.shape);
        public Tensor repeat(params long[] sizes) => Call("repeat", this, sizes);
        public Tensor repeat_interleave(Tensor repeats, long? dim = null, long? output_size = null) =>
            Call("repeat_interleave.self_Tensor", this, repeats, dim, output_size);
        public Tensor repeat_interleave(long repeats, long? dim = null, long? output_size = null) =>
            Call("repeat_interleave.self_int", this, repeats, dim, output_size);
        public Tensor flip(params long[] dims) => Call("flip", this, dims);
        public Tensor roll(long shifts, long dims) => Call("roll", this, shifts, dims);

        public Tensor[] chunk(long chunks, long dim = 0L) => CallList("chunk", chunks, this, chunks, dim);

        public Tensor[] split(long size, long dim = 0L)
        {
            var length = this.size((int)dim);
            return CallList("split.Tensor", Math.Max(1, (length + size - 1) / Math.Max(1, size)), this, size, dim);
        }

        public Tensor[] split(long[] sizes, long dim = 0L) => CallList("split_with_sizes", sizes.Length, this, sizes, dim);

        public Tensor[] unbind(int dimension = 0) => CallList("unbind.int", size(dimension), this, (long)dimension);
    }
}
