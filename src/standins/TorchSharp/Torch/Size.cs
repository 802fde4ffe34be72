namespace TorchSharp;

public static partial class torch
{
    /// <summary>A tensor's sizes, where one number or a tuple reads better than an array.</summary>
    public readonly struct Size(long[] shape)
    {
        internal long[] Shape { get; } = shape;

        public int Length => Shape.Length;

        public long this[int idx] => Shape[idx];

        /// <summary>The number of elements.</summary>
        public long numel() => Shape.Aggregate(1L, (product, size) => product * size);

        public static implicit operator Size(long size) => new([size]);
        public static implicit operator Size((long, long) size) => new([size.Item1, size.Item2]);
        public static implicit operator Size((long, long, long) size) => new([size.Item1, size.Item2, size.Item3]);
        public static implicit operator Size((long, long, long, long) size) => new([size.Item1, size.Item2, size.Item3, size.Item4]);
    }
}
