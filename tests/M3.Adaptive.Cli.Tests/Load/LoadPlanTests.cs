using M3.Adaptive.Cli.Load;

namespace M3.Adaptive.Cli.Tests.Load;

public sealed class LoadPlanTests
{
    private static readonly Question[] Questions =
    [
        new("0", "a.png", "what is it", ["cat"], "object"), new("1", "a.png", "how many", ["2"], "count"), new("2", "b.png", "how many", ["3"], "count"),
    ];

    private static readonly Mix Scales = new(("auto", 3), ("576", 1));

    [Fact]
    public void Draw_Arrivals_AreThoseOfAPoissonProcess()
    {
        var gaps = Gaps(new LoadPlan(Questions, Scales).Draw(20_000, rate: 40, seed: 7));

        // Exponential gaps: the mean and the standard deviation are 1/40 s; the mean of so many varies by 0.7 %.
        var mean = gaps.Average();
        Assert.Equal(1 / 40.0, mean, 0.001);
        Assert.Equal(1, Math.Sqrt(gaps.Average(gap => (gap - mean) * (gap - mean))) / mean, 0.05);
        Assert.All(gaps, gap => Assert.True(gap >= 0));
    }

    [Fact]
    public void Draw_SameSeedAtAnotherRate_AsksTheSameInTimesThatScale()
    {
        var plan = new LoadPlan(Questions, Scales);

        var slow = plan.Draw(200, rate: 1, seed: 3);
        var fast = plan.Draw(200, rate: 10, seed: 3);

        Assert.Equal(slow.Select(request => (request.Question, request.Scale)), fast.Select(request => (request.Question, request.Scale)));
        Assert.All(slow.Zip(fast), pair => Assert.Equal(pair.First.At.TotalSeconds, 10 * pair.Second.At.TotalSeconds, 0.0001));
        Assert.NotEqual(slow, plan.Draw(200, rate: 1, seed: 4));
    }

    [Fact]
    public void Draw_MixOfFamiliesAndScales_IsMet()
    {
        var plan = new LoadPlan(Questions, Scales, new Mix(("object", 4), ("count", 1))).Draw(10_000, rate: 1, seed: 1);

        Assert.Equal(0.80, plan.Average(request => request.Question.Category == "object" ? 1.0 : 0), 0.02);
        Assert.Equal(0.75, plan.Average(request => request.Scale == "auto" ? 1.0 : 0), 0.02);
    }

    [Fact]
    public void Draw_NoMixOfFamilies_AsksEveryQuestionAsOften()
    {
        var plan = new LoadPlan(Questions, Scales).Draw(9_000, rate: 1, seed: 1);

        Assert.All(Questions, question => Assert.Equal(1 / 3.0, plan.Average(request => request.Question == question ? 1.0 : 0), 0.02));
    }

    private static double[] Gaps(IReadOnlyList<PlannedRequest> plan) =>
        [.. plan.Select(request => request.At.TotalSeconds).Zip(plan.Select(request => request.At.TotalSeconds).Prepend(0), (at, before) => at - before)];
}
