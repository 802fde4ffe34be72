namespace TorchSharp;

public static partial class torch
{
    /// <summary>One position of an index expression, with the meaning it has in Python.</summary>
    public readonly struct TensorIndex
    {
        internal enum Kind
        {
            None,
            Ellipsis,
            Single,
            Bool,
            Slice,
            Tensor,
        }

        private TensorIndex(Kind kind) => IndexKind = kind;

        internal Kind IndexKind { get; private init; }
        internal long? First { get; private init; }
        internal long? Last { get; private init; }
        internal long? Step { get; private init; }
        internal torch.Tensor? Indices { get; private init; }

        /// <summary>start:stop:step; what is left out reaches to the end.</summary>
        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) =>
            new(Kind.Slice) { First = start, Last = stop, Step = step };

        public static TensorIndex Single(long? index) => new(Kind.Single) { First = index };

        public static TensorIndex Bool(bool value) => new(Kind.Bool) { First = value ? 1 : 0 };

        public static TensorIndex Tensor(torch.Tensor tensor) => new(Kind.Tensor) { Indices = tensor };

        /// <summary>As many whole dimensions as are needed.</summary>
        public static TensorIndex Ellipsis => new(Kind.Ellipsis);

        /// <summary>A new dimension of size one.</summary>
        public static TensorIndex None => new(Kind.None);

        /// <summary>A new dimension of size one.</summary>
        public static TensorIndex Null => new(Kind.None);

        /// <summary>A whole dimension.</summary>
        public static TensorIndex Colon => Slice();

        public static implicit operator TensorIndex(long value) => Single(value);

        public static implicit operator TensorIndex(torch.Tensor tensor) => Tensor(tensor);

        public static implicit operator TensorIndex((int? start, int? end) range) => Slice(range.start, range.end);

        public static implicit operator TensorIndex(Range range) => Slice(
            range.Start.IsFromEnd ? -range.Start.Value : range.Start.Value,
            range.End.IsFromEnd ? (range.End.Value == 0 ? null : -range.End.Value) : range.End.Value);
    }
}
