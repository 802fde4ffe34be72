using M3.Adaptive.Training.DataGeneration;
using M3.Adaptive.Training.ModelTraining;
using Xunit;

namespace M3.Adaptive.Training.Tests.ModelTraining;

public sealed class CurriculumTests
{
    [Fact]
    public void Phases_Shares_AddUpToTheWholeRun() => Assert.Equal(1.0, Curriculum.Phases.Sum(phase => phase.Share), 9);

    [Fact]
    public void Phases_Last_TrainsEveryScaleOnEveryFamily()
    {
        var last = Curriculum.Phases[^1];

        var whole = last.Lessons.Select(pair => pair.Lesson).Where(lesson => lesson is { Families: null, Kinds: null, OnlyReadable: false, FromText: false });
        Assert.Equal([1, 9, 36, 144, 576], whole.Select(lesson => lesson.Tokens));
    }

    [Fact]
    public void At_FirstAndLastStep_AreFirstAndLastPhase()
    {
        Assert.Same(Curriculum.Phases[0], Curriculum.At(0, 1000));
        Assert.Same(Curriculum.Phases[^1], Curriculum.At(999, 1000));
    }

    [Fact]
    public void Draw_ManyTimes_FollowsTheWeights()
    {
        var phase = new Phase("test", 1, (new Lesson("coarse", 9), 1), (new Lesson("fine", 576), 3));
        var random = new SeededRandom(5);

        var fine = Enumerable.Range(0, 4000).Count(_ => phase.Draw(random).Tokens == 576);

        Assert.InRange(fine / 4000.0, 0.72, 0.78);
    }

    [Fact]
    public void Rate_WarmUpPeakAndEnd_AreWhereTheyShould()
    {
        Assert.Equal(0.01, Schedule.Rate(0, 1000, 100, 1), 9);
        Assert.Equal(1, Schedule.Rate(100, 1000, 100, 1), 9);
        Assert.Equal(0.02, Schedule.Rate(1000, 1000, 100, 1), 9);
        Assert.Equal(0.51, Schedule.Rate(550, 1000, 100, 1), 9);
    }

    [Fact]
    public void Check_LossExplodes_Stops()
    {
        var guard = new DivergenceGuard();
        for (var step = 0; step < 300; step++) guard.Check(step, 1);

        guard.Check(300, 6);      // one hard batch
        Assert.Throws<DivergedException>(() => guard.Check(301, 50));
        Assert.Throws<DivergedException>(() => guard.Check(302, double.NaN));
    }
}
