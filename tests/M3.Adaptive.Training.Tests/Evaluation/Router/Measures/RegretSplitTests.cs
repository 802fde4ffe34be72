using M3.Adaptive.Core;
using M3.Adaptive.Training.Evaluation.Router.Measures;
using M3.Adaptive.Training.OracleLabelling;
using M3.Adaptive.Training.Replay;
using M3.Adaptive.Training.Tests.OracleLabelling;
using Xunit;

namespace M3.Adaptive.Training.Tests.Evaluation.Router.Measures;

public sealed class RegretSplitTests
{
    [Theory]
    [InlineData("00000", "9", nameof(RegretSplit.NeverRight))]
    [InlineData("01000", "9 36", nameof(RegretSplit.CoarserRunRight))]
    [InlineData("00010", "9 36", nameof(RegretSplit.FinerRight))]
    [InlineData("00001", "9 36", nameof(RegretSplit.OnlyFinestRight))]
    [InlineData("10000", "9 36", nameof(RegretSplit.PassedOver))]
    [InlineData("01000", "9", "")]
    public void Of_OneItem_NamesItsPart(string right, string path, string part)
    {
        var item = SyntheticLabels.Make("test", 1, 1).Items[0];
        item = item with { Outcomes = [.. item.Outcomes.Zip(right, (outcome, digit) => outcome with { Right = digit == '1' })] };
        var table = new LabelTable(new LabelHeader("test", SyntheticLabels.Model), new Dictionary<string, float[]>(), [item]);
        var scales = path.Split(' ').Select(tokens => VisualScale.Of(int.Parse(tokens))).ToArray();
        var walked = scales.Skip(1).Aggregate(ScalePath.Of(scales[0]), (before, scale) => before.Then(scale));

        var split = RegretSplit.Of(table, Routed.All(table, new Given(walked)));

        Assert.All(
            new[] { nameof(split.NeverRight), nameof(split.CoarserRunRight), nameof(split.FinerRight), nameof(split.OnlyFinestRight), nameof(split.PassedOver) },
            name => Assert.Equal(name == part ? 1.0 : 0.0, (double)typeof(RegretSplit).GetProperty(name)!.GetValue(split)!));       // its own properties
    }

    private sealed class Given(ScalePath path) : IRouter
    {
        public ScalePath Route(int item) => path;
    }
}
