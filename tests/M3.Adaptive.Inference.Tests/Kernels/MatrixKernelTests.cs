using FsCheck;
using FsCheck.Fluent;
using M3.Adaptive.Inference.Kernels;
using Xunit;

namespace M3.Adaptive.Inference.Tests.Kernels;

/// <summary>All memory that a kernel is given ends at a guard page: what it reads or writes past an end ends the test run.</summary>
public sealed unsafe class MatrixKernelTests
{
    private static readonly Arbitrary<(int Outputs, int K, int Rows, int Seed)> Shapes =
        (from outputs in Gen.Choose(1, 70)
         from k in Gen.Choose(1, 200)
         from rows in Gen.Choose(1, 45)
         from seed in Gen.Choose(0, 1000)
         select (outputs, k, rows, seed)).ToArbitrary();

    public static IEnumerable<object[]> Numbers => VectorWidths.WithNumbers;

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Multiply_AnyShape_EqualsTheScalarProduct(int width, string numbers) => new EqualsScalar().Run(width, numbers);

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Multiply_FewerRows_GivesEachTheSameBits(int width, string numbers) => new SameBits().Run(width, numbers);

    private sealed class EqualsScalar : IKernelCheck
    {
        public void Run<L, V, E>() where L : ILanes<V> where V : struct where E : IElement => Prop.ForAll(Shapes, shape =>
        {
            var (outputs, K, rows, seed) = shape;
            using var memory = new GuardedMemory();
            var random = new Random(seed);
            var (weights, values) = Kernels.Numbers.Draw<E>(memory, random, outputs * K);
            var x = Kernels.Numbers.Draw(random, rows * K);
            var scales = Kernels.Numbers.Draw(random, outputs);

            var product = Product<L, V, E>(memory, new Matrix((byte*)weights, outputs, K, memory.Floats(scales)), x);

            var expected = ScalarKernels.Multiply(values, x, K);
            for (var i = 0; i < expected.Length; i++) expected[i] *= scales[i % outputs];
            Kernels.Numbers.AssertNear(expected, product, K, values.Max(Math.Abs));
        }).QuickCheckThrowOnFailure();
    }

    private sealed class SameBits : IKernelCheck
    {
        public void Run<L, V, E>() where L : ILanes<V> where V : struct where E : IElement => Prop.ForAll(Shapes, shape =>
        {
            var (outputs, K, rows, seed) = shape;
            using var memory = new GuardedMemory();
            var random = new Random(seed);
            var matrix = new Matrix((byte*)Kernels.Numbers.Draw<E>(memory, random, outputs * K).Address, outputs, K);
            var x = Kernels.Numbers.Draw(random, rows * K);
            var some = random.Next(1, rows + 1);
            var first = random.Next(rows - some + 1);

            var all = Product<L, V, E>(memory, matrix, x);
            var few = Product<L, V, E>(memory, matrix, x.AsSpan(first * K, some * K));

            Assert.Equal(all[(first * outputs)..((first + some) * outputs)], few);
        }).QuickCheckThrowOnFailure();
    }

    /// <returns>[rows, outputs]</returns>
    private static float[] Product<L, V, E>(GuardedMemory memory, in Matrix matrix, ReadOnlySpan<float> x)
        where L : ILanes<V> where V : struct where E : IElement
    {
        const int Chunk = MatrixKernel<L, V, E>.Chunk;
        var (K, rows) = (matrix.Inputs, x.Length / matrix.Inputs);
        var slots = rows < 4 ? 1 : 4;
        var tiled = (rows + slots - 1) / slots * slots;
        float* packed = memory.Floats(tiled * K), values = memory.Floats(x), sums = memory.Floats(tiled * Chunk);
        for (var row = 0; row < rows; row++)
            Packing<L, V, E>.Put(values + (row * K), 0, K, packed + (row / slots * slots * K), row % slots, slots, K);

        var result = new float[rows * matrix.Outputs];
        for (var from = 0; from < matrix.Outputs; from += Chunk)
        {
            var count = Math.Min(Chunk, matrix.Outputs - from);
            MatrixKernel<L, V, E>.Multiply(matrix, from, count, packed, rows, slots, sums);
            for (var row = 0; row < rows; row++) new Span<float>(sums + (row * Chunk), count).CopyTo(result.AsSpan((row * matrix.Outputs) + from));
        }

        return result;
    }
}
