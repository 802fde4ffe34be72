using Xunit;

namespace M3.Adaptive.Core.Tests;

public sealed class VisualScaleTests
{
    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(9, 3, 1)]
    [InlineData(36, 6, 2)]
    [InlineData(144, 12, 3)]
    [InlineData(576, 24, 4)]
    public void Of_Rung_KnowsSideAndPlace(int tokens, int side, int rung)
    {
        var scale = VisualScale.Of(tokens);

        Assert.Equal((tokens, side, rung), (scale.Tokens, scale.Side, scale.Rung));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(64)]
    [InlineData(577)]
    public void Of_NoRung_IsRefusedByName(int tokens)
    {
        var fault = Assert.Throws<ArgumentOutOfRangeException>(() => VisualScale.Of(tokens));

        Assert.Contains("1, 9, 36, 144 or 576", fault.Message);
    }

    [Fact]
    public void TryOf_NoRung_IsFalseAndNotChosen()
    {
        Assert.False(VisualScale.TryOf(2, out var scale));
        Assert.Equal(0, scale.Tokens);
    }

    [Fact]
    public void All_InOrder_IsTheLadder()
    {
        Assert.Equal(VisualScale.Ladder.ToArray(), VisualScale.All.Select(scale => scale.Tokens));
        Assert.Equal(VisualScale.Of(1), VisualScale.Coarsest);
        Assert.Equal(VisualScale.Of(576), VisualScale.Finest);
    }

    [Fact]
    public void Compare_CoarserAndFiner_OrdersByTokens()
    {
        Assert.True(VisualScale.Of(9) < VisualScale.Of(36));
        Assert.True(VisualScale.Of(576) >= VisualScale.Of(144));
        Assert.Equal(VisualScale.Of(144), VisualScale.All.Where(scale => scale <= VisualScale.Of(144)).Max());
    }
}
