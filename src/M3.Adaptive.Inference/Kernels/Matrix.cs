using System.Runtime.CompilerServices;

namespace M3.Adaptive.Inference.Kernels;

/// <summary>A weight where it lies: row-major, [Outputs, Inputs]. Valid while its owner is kept.</summary>
internal readonly unsafe struct Matrix(byte* weights, int outputs, int inputs, float* scales = null)
{
    public readonly byte* Weights = weights;

    public readonly int Outputs = outputs;

    public readonly int Inputs = inputs;

    /// <summary>What one unit of each output's row is worth, [Outputs]; null: 1.</summary>
    public readonly float* Scales = scales;
}

/// <summary>Products of a weight with a few rows of activations: each weight is read from memory once, and used for all rows while it is near.</summary>
internal static unsafe class MatrixKernel<L, V, E> where L : ILanes<V> where V : struct where E : IElement
{
    /// <summary>Outputs that are computed together at most; the unit in which workers share a product.</summary>
    public const int Chunk = 32;

    private const int FewRows = 32;                                               // whose products wait for the weights, not for activations
    private const int NearRows = 4096;                                            // numbers of activations that stay in a first-level cache while a chunk's weights pass

    /// <param name="matrix">The weight.</param>
    /// <param name="from">First output.</param>
    /// <param name="count">Outputs, at most <see cref="Chunk"/>.</param>
    /// <param name="packed">Activations, see <see cref="Packing{L, V, E}"/>.</param>
    /// <param name="rows">Rows of them.</param>
    /// <param name="slots">Rows of a tile.</param>
    /// <param name="result">[rows, rounded up to whole tiles][Chunk]; outputs behind the last are undefined.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(in Matrix matrix, int from, int count, float* packed, int rows, int slots, float* result)
    {
        var K = matrix.Inputs;
        var stride = (nint)K * E.Size;
        var last = matrix.Weights + ((from + count - 1) * stride);
        var near = NearRows / K / 4 * 4;
        var block = rows > FewRows && near > 0 ? near : rows;
        for (var first = 0; first < rows; first += block)
        {
            var end = Math.Min(rows, first + block);
            for (var o = 0; o < count; o += 4)
            {
                var w0 = matrix.Weights + ((from + o) * stride);
                byte* w1 = Least(w0 + stride, last), w2 = Least(w0 + (2 * stride), last), w3 = Least(w0 + (3 * stride), last);
                var row = first;
                if (slots == 4)
                {
                    for (; row + 2 < end; row += 4)                               // three rows are cheaper as a tile, too
                        DotKernel<L, V, E>.Four(w0, w1, w2, w3, packed + ((nint)row * K), K, result + (row * Chunk) + o, Chunk);
                }

                for (; row < end; row++)
                {
                    var sums = DotKernel<L, V, E>.One(w0, w1, w2, w3, packed + ((nint)(row - (row % slots)) * K), row % slots, slots, K);
                    System.Runtime.Intrinsics.Vector128.Store(sums, result + (row * Chunk) + o);
                }
            }
        }

        if (matrix.Scales != null) Scale(matrix.Scales + from, count, rows, result);
    }

    private static byte* Least(byte* pointer, byte* last) => pointer < last ? pointer : last;

    private static void Scale(float* scales, int count, int rows, float* result)
    {
        for (var row = 0; row < rows; row++, result += Chunk)
        {
            for (var o = 0; o < count; o++) result[o] *= scales[o];
        }
    }
}
