using FsCheck;
using FsCheck.Fluent;
using M3.Adaptive.Cli.Load;

namespace M3.Adaptive.Cli.Tests.Load;

public sealed class MixTests
{
    private static readonly string[] Known = ["auto", "1", "576", "a=b"];

    [Theory]
    [InlineData("auto", 0.5, "auto")]
    [InlineData("auto=3,1=1", 0.74, "auto")]
    [InlineData("auto=3,1=1", 0.76, "1")]
    [InlineData("auto,1,576,a=b=1", 0.8, "a=b")]
    [InlineData("1=0.5, 576=0.5", 0.5, "576")]
    public void At_PointAlongTheWeights_IsTheNameThere(string text, double point, string expected) =>
        Assert.Equal(expected, Mix.Parse("--mix", text, Known).At(point));

    [Fact]
    public void At_EvenlySpreadPoints_HitsEachNameByItsWeight() => Prop.ForAll(
        Gen.Choose(1, 40).Three().ToArbitrary(),
        weights =>
        {
            var mix = new Mix(("a", weights.Item1), ("b", weights.Item2), ("c", weights.Item3));
            var total = weights.Item1 + weights.Item2 + weights.Item3;

            var hits = Enumerable.Range(0, total).CountBy(i => mix.At((i + 0.5) / total)).ToDictionary();

            return hits["a"] == weights.Item1 && hits["b"] == weights.Item2 && hits["c"] == weights.Item3;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("", "names ''")]
    [InlineData("10", "expected some of: auto, 1, 576")]
    [InlineData("auto=0", "weight '0'")]
    [InlineData("auto=", "weight ''")]
    [InlineData("auto=x", "weight 'x'")]
    [InlineData("auto=1,auto=2", "more than once")]
    public void Parse_WhatIsNoMix_SaysWhy(string text, string expected)
    {
        var fault = Assert.Throws<CommandException>(() => Mix.Parse("--mix", text, Known));

        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.StartsWith("--mix ", fault.Message, StringComparison.Ordinal);
    }
}
