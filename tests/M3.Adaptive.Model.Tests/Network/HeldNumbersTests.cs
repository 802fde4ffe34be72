using M3.Adaptive.Model.Network;
using Xunit;
using static TorchSharp.torch;

namespace M3.Adaptive.Model.Tests.Network;

public sealed class HeldNumbersTests
{
    /// <summary>With `left + right` and `left - right` in their place this throws within a second or two, of some ten thousand sums.</summary>
    [Fact]
    public async Task Sums_and_differences_survive_garbage_collections()
    {
        const int Each = 15_000;
        using var done = new CancellationTokenSource();
        var collecting = Task.Run(() =>
        {
            while (!done.IsCancellationRequested) GC.Collect(0);
        });
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(Calculate)));
        await done.CancelAsync();
        await collecting;

        static void Calculate()
        {
            using var scope = NewDisposeScope();
            using Tensor left = ones(4, 4), right = ones(4, 4);
            for (var i = 0; i < Each; i++)
            {
                using var sum = left.Plus(right);
                using var difference = sum.Minus(right);
                Assert.True(difference.allclose(left), $"sum {i}");
            }
        }
    }
}
