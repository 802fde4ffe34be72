using M3.Adaptive.Training.DataGeneration;
using Xunit;

namespace M3.Adaptive.Training.Tests.DataGeneration;

public sealed class SeededRandomTests
{
    [Fact]
    public void NextBits_SeedZero_FollowsTheReferenceSequence()
    {
        var random = new SeededRandom(0);

        Assert.Equal(0xE220A8397B1DCDAFUL, random.NextBits());
        Assert.Equal(0x6E789E6AA1B965F4UL, random.NextBits());
        Assert.Equal(0x06C45D188009454FUL, random.NextBits());
    }

    [Fact]
    public void Between_ManyDraws_ReachesBothEndsAndNothingElse()
    {
        var random = new SeededRandom(5);

        var drawn = Enumerable.Range(0, 1000).Select(_ => random.Between(-2, 3)).ToHashSet();

        Assert.Equal([-2, -1, 0, 1, 2, 3], drawn.Order());
    }

    [Fact]
    public void PickWeighted_ManyDraws_FollowsTheWeights()
    {
        var random = new SeededRandom(7);
        var counts = new int[3];

        for (var i = 0; i < 10_000; i++) counts[random.PickWeighted([1, 0, 3])]++;

        Assert.Equal(0, counts[1]);
        Assert.InRange(counts[2] / 10_000.0, 0.73, 0.77);
    }

    [Fact]
    public void Shuffle_AnyList_KeepsItsItems()
    {
        var items = Enumerable.Range(0, 50).ToArray();

        new SeededRandom(9).Shuffle(items);

        Assert.NotEqual(Enumerable.Range(0, 50), items);
        Assert.Equal(Enumerable.Range(0, 50), items.Order());
    }

    [Fact]
    public void For_NeighbouringItems_DoNotShareNumbers()
    {
        var first = Enumerable.Range(0, 1000).Select(index => SeededRandom.For(1, 0, index).NextBits());
        var other = Enumerable.Range(0, 1000).Select(index => SeededRandom.For(1, 1, index).NextBits());

        Assert.Equal(2000, first.Concat(other).Distinct().Count());
    }

    [Fact]
    public void Next_NothingToChooseFrom_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SeededRandom(1).Next(0));
}
