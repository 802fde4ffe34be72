using Grpc.Core.Wire;

namespace Grpc.AspNetCore.Tests.Wire;

public class GrpcTimeoutTests
{
    [Theory]
    [InlineData("1H", 36_000_000_000)]
    [InlineData("2M", 1_200_000_000)]
    [InlineData("3S", 30_000_000)]
    [InlineData("250m", 2_500_000)]
    [InlineData("7u", 70)]
    [InlineData("1n", 1)] // a tick is 100 ns: rounded up
    [InlineData("101n", 2)]
    [InlineData("0S", 0)]
    [InlineData("00000001S", 10_000_000)]
    [InlineData("99999999S", 999_999_990_000_000)]
    [InlineData("99999999H", 999_999_990_000_000)] // cut to the longest
    public void TryParse_Timeout_GivesIt(string text, long ticks)
    {
        Assert.True(GrpcTimeout.TryParse(text, out var timeout));
        Assert.Equal(ticks, timeout.Ticks);
    }

    [Theory]
    [InlineData("")]
    [InlineData("S")]
    [InlineData("1")]
    [InlineData("1s")]
    [InlineData("-1S")]
    [InlineData("+1S")]
    [InlineData("1.5S")]
    [InlineData(" 1S")]
    [InlineData("1S ")]
    [InlineData("123456789S")]
    [InlineData("١S")]
    public void TryParse_Another_IsNone(string text) => Assert.False(GrpcTimeout.TryParse(text, out _));

    [Theory]
    [InlineData(0, "0n")]
    [InlineData(-5, "0n")]
    [InlineData(1, "1u")]
    [InlineData(10_000_000, "1000000u")]
    [InlineData(999_999_990, "99999999u")]
    [InlineData(999_999_991, "100000m")]
    [InlineData(1_000_000_001, "100001m")]
    [InlineData(long.MaxValue, "99999999S")]
    public void Format_AnyTime_RoundsUpAndFitsEightDigits(long ticks, string text) => Assert.Equal(text, GrpcTimeout.Format(new TimeSpan(ticks)));

    [Fact]
    public void Format_ThenParse_IsNeverShorterAndNearlyEqual()
    {
        var random = new Random(11);
        for (var i = 0; i < 100_000; i++)
        {
            var timeout = new TimeSpan(random.NextInt64(1, 1L << random.Next(1, 50)));

            Assert.True(GrpcTimeout.TryParse(GrpcTimeout.Format(timeout), out var parsed));

            Assert.InRange(parsed.Ticks, timeout.Ticks, timeout.Ticks + Math.Max(10, timeout.Ticks / 10_000));
        }
    }
}
