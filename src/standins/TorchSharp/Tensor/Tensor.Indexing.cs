using static TorchSharp.Native.Operators;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Indexing as in Python: integers, slices, ellipsis, new dimensions, bools and index tensors.</summary>
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        public Tensor index(params TensorIndex[] indices)
        {
            using var scope = NewDisposeScope();
            var (view, tensors) = Locate(indices);
            var result = tensors.Any(tensor => tensor is not null) ? Call("index.Tensor", view, tensors)
                : ReferenceEquals(view, this) ? alias()
                : view;
            return scope.MoveToOuter(result);
        }

        public Tensor index_put_(Tensor value, params TensorIndex[] indices)
        {
            using var scope = NewDisposeScope();
            var (view, tensors) = Locate(indices);
            if (tensors.Any(tensor => tensor is not null)) CallInPlace("index_put_", view, tensors, value);
            else CallInPlace("copy_", view, value);
            return this;
        }

        public Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            using var scalar = full([], value, dtype, device);
            return index_put_(scalar, indices);
        }

        public Tensor index_select(long dim, Tensor index) => Call("index_select", this, dim, index);
        public Tensor index_add_(long dim, Tensor index, Tensor source, Scalar alpha) =>
            InPlace("index_add_", this, dim, index, source, alpha);
        public Tensor index_copy_(long dim, Tensor index, Tensor source) => InPlace("index_copy_", this, dim, index, source);
        public Tensor gather(long dim, Tensor index) => Call("gather", this, dim, index);
        public Tensor scatter(long dim, Tensor index, Tensor src) => Call("scatter.src", this, dim, index, src);
        public Tensor scatter_(long dim, Tensor index, Tensor src) => InPlace("scatter_.src", this, dim, index, src);
        public Tensor scatter_add(long dim, Tensor index, Tensor src) => Call("scatter_add", this, dim, index, src);
        public Tensor scatter_add_(long dim, Tensor index, Tensor src) => InPlace("scatter_add_", this, dim, index, src);
        public Tensor masked_fill(Tensor mask, Scalar value) => Call("masked_fill.Scalar", this, mask, value);
        public Tensor masked_fill_(Tensor mask, Scalar value) => InPlace("masked_fill_.Scalar", this, mask, value);
        public Tensor masked_select(Tensor mask) => Call("masked_select", this, mask);
        public Tensor nonzero() => Call("nonzero", this);
        public Tensor take(Tensor index) => Call("take", this, index);
        public Tensor narrow(long dim, long start, long length) => Call("narrow", this, dim, start, length);
        public Tensor select(long dim, long index) => Call("select.int", this, dim, index);
        public Tensor slice(long dim, long start, long finish, long step) => Call("slice.Tensor", this, dim, start, finish, step);
        public Tensor where(Tensor condition, Tensor y) => Call("where.self", condition, this, y);

        /// <summary>The view that everything but index tensors selects, and those tensors by the view's dimensions.</summary>
        private (Tensor View, Tensor?[] Tensors) Locate(TensorIndex[] indices)
        {
            var view = this;
            var tensors = new List<Tensor?>();
            foreach (var index in indices)
            {
                var dim = (long)tensors.Count;
                switch (index.IndexKind)
                {
                    case TensorIndex.Kind.None:
                        view = view.unsqueeze(dim);
                        tensors.Add(null);
                        break;
                    case TensorIndex.Kind.Ellipsis:
                        var skipped = view.Dimensions - dim - RemainingDimensions(indices);
                        for (var i = 0; i < skipped; i++) tensors.Add(null);
                        break;
                    case TensorIndex.Kind.Single:
                        view = view.select(dim, index.First ?? throw new ArgumentException("A single index needs its value"));
                        break;
                    case TensorIndex.Kind.Bool:
                        view = view.unsqueeze(dim);
                        tensors.Add(index.First == 1 ? zeros([1], int64, device: device) : empty([0], int64, device: device));
                        break;
                    case TensorIndex.Kind.Slice:
                        view = Call("slice.Tensor", view, dim, index.First, index.Last, index.Step ?? 1);
                        tensors.Add(null);
                        break;
                    case TensorIndex.Kind.Tensor:
                        var given = index.Indices!; // set by this kind's only constructor
                        tensors.Add(given);
                        // A mask stands for as many dimensions as it has.
                        if (given.dtype is ScalarType.Bool)
                            for (var i = 1; i < given.Dimensions; i++) tensors.Add(null);
                        break;
                }
            }
            return (view, Compact(tensors));
        }

        /// <summary>How many dimensions of the view the indices after the ellipsis still take.</summary>
        private static long RemainingDimensions(TensorIndex[] indices) => indices
            .SkipWhile(index => index.IndexKind != TensorIndex.Kind.Ellipsis)
            .Sum(index => index.IndexKind switch
            {
                TensorIndex.Kind.Single or TensorIndex.Kind.Slice => 1L,
                TensorIndex.Kind.Tensor => index.Indices!.dtype == ScalarType.Bool ? index.Indices.Dimensions : 1L,
                _ => 0L,
            });

        /// <summary>aten::index counts a mask once, however many dimensions it covers: drops the places held for them.</summary>
        private static Tensor?[] Compact(List<Tensor?> tensors)
        {
            var result = new List<Tensor?>();
            for (var i = 0; i < tensors.Count; i++)
            {
                result.Add(tensors[i]);
                if (tensors[i] is { dtype: ScalarType.Bool } mask) i += (int)Math.Max(mask.Dimensions, 1) - 1;
            }
            return [.. result];
        }
    }
}
