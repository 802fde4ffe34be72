using TorchSharp.Native;
using static TorchSharp.Native.Operators;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor sum(ScalarType? type = null) => Call("sum", this, type);
        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) => Call("sum.dim_IntList", this, dim, keepdim, type);
        public Tensor sum(ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null) =>
            Call("sum.dim_IntList", this, dim, keepdim, type);

        public Tensor mean() => Call("mean", this);
        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null) =>
            Call("mean.dim", this, dimensions, keepdim, type);

        public Tensor var(bool unbiased = true) => Call("var", this, unbiased);
        public Tensor var(long dimension, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Converted(Call("var.dim", this, dimension, unbiased, keepdim), type);
        public Tensor var(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Converted(Call("var.dim", this, dimensions, unbiased, keepdim), type);

        public Tensor std(bool unbiased = true) => Call("std", this, unbiased);
        public Tensor std(long dimension, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Converted(Call("std.dim", this, dimension, unbiased, keepdim), type);
        public Tensor std(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Converted(Call("std.dim", this, dimensions, unbiased, keepdim), type);

        public Tensor prod(ScalarType? type = null) => Call("prod", this, type);

        public Tensor max() => Call("max", this);
        public Tensor max(Tensor other) => Call("max.other", this, other);
        public (Tensor values, Tensor indexes) max(long dim, bool keepdim = false) => CallPair("max.dim", this, dim, keepdim);
        public Tensor min() => Call("min", this);
        public Tensor min(Tensor other) => Call("min.other", this, other);
        public (Tensor values, Tensor indexes) min(long dim, bool keepdim = false) => CallPair("min.dim", this, dim, keepdim);
        public Tensor amax(ReadOnlySpan<long> dims, bool keepdim = false) => Call("amax", this, dims, keepdim);
        public Tensor amin(ReadOnlySpan<long> dims, bool keepdim = false) => Call("amin", this, dims, keepdim);

        public Tensor argmax() => Call("argmax", this);
        public Tensor argmax(long dim, bool keepdim = false) => Call("argmax", this, dim, keepdim);
        public Tensor argmin() => Call("argmin", this);
        public Tensor argmin(long dim, bool keepdim = false) => Call("argmin", this, dim, keepdim);

        public (Tensor values, Tensor indexes) topk(int k, int dim = -1, bool largest = true, bool sorted = true) =>
            CallPair("topk", this, (long)k, (long)dim, largest, sorted);

        public (Tensor Values, Tensor Indices) sort(long dim = -1, bool descending = false, bool stable = false) =>
            CallPair("sort.stable", this, stable, dim, descending);

        public Tensor argsort(long dim = -1, bool descending = false) => Call("argsort", this, dim, descending);
        public Tensor cumsum(long dim, ScalarType? type = null) => Call("cumsum", this, dim, type);
        public Tensor logsumexp(long dim, bool keepdim = false) => Call("logsumexp", this, dim, keepdim);

        public Tensor any() => Call("any", this);
        public Tensor any(long dim, bool keepdim = false) => Call("any.dim", this, dim, keepdim);
        public Tensor all() => Call("all", this);
        public Tensor all(long dim, bool keepdim = false) => Call("all.dim", this, dim, keepdim);

        public Tensor norm(float p = 2.0f) => Call("norm.Scalar", this, (double)p);
        public Tensor norm(int dimension, bool keepdim = false, float p = 2.0f) =>
            Call("norm.ScalarOpt_dim", this, (double)p, (long)dimension, keepdim);

        public Tensor count_nonzero(long[]? dims = null) =>
            dims is null ? Call("count_nonzero", this, Argument.None) : Call("count_nonzero.dim_IntList", this, dims);

        private static Tensor Converted(Tensor result, ScalarType? type) =>
            type is { } wanted && wanted != result.dtype ? result.to(wanted, disposeAfter: true) : result;
    }
}
