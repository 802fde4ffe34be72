using FsCheck;
using FsCheck.Fluent;
using M3.Adaptive.Inference.Kernels;
using Xunit;

namespace M3.Adaptive.Inference.Tests.Kernels;

public sealed unsafe class RowKernelTests
{
    private static readonly Arbitrary<(int Count, int Seed)> Rows =
        (from count in Gen.Choose(1, 100) from seed in Gen.Choose(0, 1000) select (count, seed)).ToArbitrary();

    public static IEnumerable<object[]> Numbers => VectorWidths.WithFloats;

    [Theory]
    [MemberData(nameof(Numbers))]
    public void EachOperation_AnyRow_EqualsTheScalarOne(int width, string numbers) => new EqualsScalar().Run(width, numbers);

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Narrow_ThenWiden_GivesTheNearestNumber(int width, string numbers) => new Conversions().Run(width, numbers);

    private sealed class EqualsScalar : IKernelCheck
    {
        public void Run<L, V, E>() where L : ILanes<V> where V : struct where E : IElement => Prop.ForAll(Rows, row =>
        {
            using var memory = new GuardedMemory();
            var random = new Random(row.Seed);
            var half = row.Count;
            float[] x = Kernels.Numbers.Draw(random, 2 * half), gain = Kernels.Numbers.Draw(random, 2 * half), angles = Kernels.Numbers.Draw(random, half);
            float* source = memory.Floats(x), target = memory.Floats(2 * half);

            RowKernel<L, V>.RmsNorm(source, memory.Floats(gain), 2 * half, 1e-5f, target);
            Kernels.Numbers.AssertNear(ScalarKernels.RmsNorm(x, gain, 1e-5f), new Span<float>(target, 2 * half), half, 2);

            RowKernel<L, V>.Rotate(source, memory.Floats([.. angles.Select(MathF.Cos)]), memory.Floats([.. angles.Select(MathF.Sin)]), 2 * half, target);
            Kernels.Numbers.AssertNear(ScalarKernels.Rotate(x, angles), new Span<float>(target, 2 * half), 2, 1);

            var whole = half / L.Count * L.Count;
            if (whole == 0) return;
            float[] gate = x[..whole], up = gain[..whole];
            var gated = memory.Floats(gate);
            RowKernel<L, V>.SwiGlu(gated, memory.Floats(up), whole);
            Kernels.Numbers.AssertNear(ScalarKernels.SwiGlu(gate, up), new Span<float>(gated, whole), 1, 1);
        }).QuickCheckThrowOnFailure();
    }

    private sealed class Conversions : IKernelCheck
    {
        public void Run<L, V, E>() where L : ILanes<V> where V : struct where E : IElement
        {
            if (typeof(E) == typeof(Float32)) Check<L, V, Float32>();
            else Check<L, V, BFloat16>();
        }

        private static void Check<L, V, E>() where L : ILanes<V> where V : struct where E : IFloatElement => Prop.ForAll(Rows, row =>
        {
            using var memory = new GuardedMemory();
            var x = Kernels.Numbers.Draw(new Random(row.Seed), row.Count);
            byte* narrow = memory.Bytes(row.Count * E.Size), alone = memory.Bytes(E.Size);
            float* wide = memory.Floats(row.Count), sum = memory.Floats(x);

            RowKernel<L, V>.Narrow<E>(memory.Floats(x), narrow, row.Count);
            RowKernel<L, V>.Widen<E>(narrow, wide, row.Count);
            RowKernel<L, V>.Add<E>(narrow, sum, row.Count);

            for (var i = 0; i < row.Count; i++)
            {
                E.Write(x[i], alone);
                Assert.Equal(E.Read(alone), wide[i]);
                Assert.True(Math.Abs(wide[i] - x[i]) <= Math.Abs(x[i]) / 256);
                Assert.Equal(x[i] + wide[i], sum[i]);
            }
        }).QuickCheckThrowOnFailure();
    }
}
