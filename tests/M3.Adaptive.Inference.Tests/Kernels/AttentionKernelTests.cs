using FsCheck;
using FsCheck.Fluent;
using M3.Adaptive.Inference.Kernels;
using Xunit;

namespace M3.Adaptive.Inference.Tests.Kernels;

public sealed unsafe class AttentionKernelTests
{
    private static readonly Arbitrary<(int Positions, int HeadSize, int Seed)> Shapes =
        (from positions in Gen.Choose(1, 150) from half in Gen.Choose(1, 70) from seed in Gen.Choose(0, 1000) select (positions, 2 * half, seed)).ToArbitrary();

    public static IEnumerable<object[]> Numbers => VectorWidths.WithFloats;

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Mix_AnyShape_EqualsScalarAttention(int width, string numbers) => new EqualsScalar().Run(width, numbers);

    private sealed class EqualsScalar : IKernelCheck
    {
        public void Run<L, V, E>() where L : ILanes<V> where V : struct where E : IElement => Prop.ForAll(Shapes, shape =>
        {
            var (S, D, seed) = shape;
            using var memory = new GuardedMemory();
            var random = new Random(seed);
            var (keys, keyValues) = Kernels.Numbers.Draw<E>(memory, random, S * D);
            var (values, valueValues) = Kernels.Numbers.Draw<E>(memory, random, S * D);
            var query = Kernels.Numbers.Draw(random, D).Select(static value => 4 * value).ToArray();   // far from even weights
            float* packed = memory.Floats(D), scores = memory.Floats(S + AttentionKernel<L, V, E>.Slack), mixed = memory.Floats(D);
            Packing<L, V, E>.Put(memory.Floats(query), 0, D, packed, 0, 1, D);

            AttentionKernel<L, V, E>.Mix(packed, (byte*)keys, (byte*)values, S, D, scores, mixed);

            Kernels.Numbers.AssertNear(ScalarKernels.Attend(query, keyValues, valueValues), new Span<float>(mixed, D), D, 4);
        }).QuickCheckThrowOnFailure();
    }
}
