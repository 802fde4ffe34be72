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

    [Theory]
    [MemberData(nameof(Numbers))]
    public void MixTile_AnyShape_GivesEachRowTheBitsThatItGetsAlone(int width, string numbers) => new TileEqualsRows().Run(width, numbers);

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

    private sealed class TileEqualsRows : IKernelCheck
    {
        private const int Tile = 4;

        public void Run<L, V, E>() where L : ILanes<V> where V : struct where E : IElement => Prop.ForAll(Shapes, shape =>
        {
            var (S, D, seed) = shape;
            using var memory = new GuardedMemory();
            var random = new Random(seed);
            var all = S + Tile - 1;
            var keys = (byte*)Kernels.Numbers.Draw<E>(memory, random, all * D).Address;
            var values = (byte*)Kernels.Numbers.Draw<E>(memory, random, all * D).Address;
            var queries = memory.Floats(Kernels.Numbers.Draw(random, Tile * D));
            var width = all + AttentionKernel<L, V, E>.Slack;
            float* tile = memory.Floats(Tile * D), scores = memory.Floats(Tile * width), mixed = memory.Floats(Tile * D);
            for (var row = 0; row < Tile; row++) Packing<L, V, E>.Put(queries + (row * D), 0, D, tile, row, Tile, D);

            AttentionKernel<L, V, E>.MixTile(tile, keys, values, S, D, scores, width, mixed);

            float* packed = memory.Floats(D), alone = memory.Floats(D);
            for (var row = 0; row < Tile; row++)
            {
                Packing<L, V, E>.Put(queries + (row * D), 0, D, packed, 0, 1, D);
                AttentionKernel<L, V, E>.Mix(packed, keys, values, S + row, D, scores, alone);
                Assert.Equal(new Span<float>(alone, D).ToArray(), new Span<float>(mixed + (row * D), D).ToArray());
            }
        }).QuickCheckThrowOnFailure();
    }
}
