using Xunit;

namespace M3.Adaptive.Core.Tests;

public sealed class CostTests
{
    [Fact]
    public void Sum_ClimbingTheLadder_ChargesEveryScale()
    {
        var charged = Cost.Sum([new(9, 1e9, 0.5), new(576, 8e9, 1.5)]);

        Assert.Equal(new Cost(585, 9e9, 2.0), charged);
    }

    [Fact]
    public void Sum_Nothing_IsZero() => Assert.Equal(Cost.Zero, Cost.Sum([]));
}
