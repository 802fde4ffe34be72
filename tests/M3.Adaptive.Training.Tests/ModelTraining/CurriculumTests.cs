using M3.Adaptive.Training.DataGeneration;
using M3.Adaptive.Training.ModelTraining;
using M3.Adaptive.Training.Tests.DataGeneration;
using Xunit;

namespace M3.Adaptive.Training.Tests.ModelTraining;

public sealed class CurriculumTests
{
    [Fact]
    public void Phases_Shares_AddUpToTheWholeRun()
    {
        Assert.Equal(1.0, Curriculum.Phases.Sum(phase => phase.Share), 9);
        Assert.Equal(1.0, Curriculum.GoingOn.Sum(phase => phase.Share), 9);
    }

    /// <summary>Behind the look-ups, which form alone: a phase that leaves a skill out forgets it.</summary>
    [Fact]
    public void Phases_ReadingAndLookUps_StayFromTheSecondPhaseOn() => Assert.All(Curriculum.Phases.Skip(1).Concat(Curriculum.GoingOn), phase =>
    {
        var lessons = phase.Lessons.Select(pair => pair.Lesson).ToArray();
        Assert.All([Families.Sign, Families.Receipt, Families.Where], family => Assert.Contains(lessons, lesson => lesson.Families?.Contains(family) ?? true));
    });

    [Fact]
    public void Receipts_ManyPictures_AreAskedBothWaysEquallyOften()
    {
        var asked = TestData.Scenes(300, kind: Kinds.Receipt).SelectMany(scene => scene.Questions).Where(question => question.Family == Families.Receipt && question.Answer != Question.NotThere).ToList();

        Assert.Equal(0.5, asked.Count(question => question.Answer.All(char.IsAsciiDigit)) / (double)asked.Count, 0.03);
    }

    [Fact]
    public void Phases_Last_TrainsEveryScaleOnEveryFamily()
    {
        var last = Curriculum.GoingOn[^1];
        Assert.Equal(Curriculum.Phases[^1].Lessons, last.Lessons);

        var whole = last.Lessons.Select(pair => pair.Lesson).Where(lesson => lesson is { Families: null, Kinds: null, OnlyReadable: false, FromText: false });
        Assert.Equal([1, 9, 36, 144, 576], whole.Select(lesson => lesson.Tokens));
    }

    [Fact]
    public void TryParse_LessonsWithAndWithoutWeight_ArePhase()
    {
        Assert.True(Curriculum.TryParse("short-receipts, all@576=0.5", out var phase, out _));

        Assert.Equal([(Curriculum.Named["short-receipts"], 1.0), (Curriculum.Named["all@576"], 0.5)], phase.Lessons);
    }

    [Theory]
    [InlineData("receipts=0", "'0' is no weight")]
    [InlineData("receipts=NaN", "'NaN' is no weight")]
    [InlineData("receipts=", "'' is no weight")]
    [InlineData("", "no lesson ''; there are look-ups@9, grids@9")]
    [InlineData("all@577", "no lesson 'all@577'")]
    public void TryParse_Wrong_NamesTheFault(string text, string fault)
    {
        Assert.False(Curriculum.TryParse(text, out _, out var said));

        Assert.Contains(fault, said);
    }

    [Theory]
    [InlineData("--lessons", "receipts")]
    [InlineData("--lessons", "reading", "--from", "models/m3-nano")]
    [InlineData("--kind", "packed")]
    [InlineData("--keep", "0.5")]
    [InlineData("--keep", "1.5", "--from", "models/m3-nano")]
    public async Task Train_WrongLessonsKindOrShare_IsWrongUse(params string[] arguments) =>
        Assert.Equal(2, await TrainingCommand.RunAsync(["train", "language", .. arguments]));

    [Fact]
    public void At_FirstAndLastStep_AreFirstAndLastPhase()
    {
        Assert.Same(Curriculum.Phases[0], Curriculum.At(Curriculum.Phases, 0, 1000).Phase);
        Assert.Same(Curriculum.Phases[^1], Curriculum.At(Curriculum.Phases, 999, 1000).Phase);
    }

    [Fact]
    public void At_EveryStep_CountsTheStepsOfItsPhase()
    {
        var (last, expected) = (Curriculum.Phases[0], 0L);
        for (var step = 0L; step < 997; step++)
        {
            var (phase, before) = Curriculum.At(Curriculum.Phases, step, 997);
            expected = phase == last ? expected : 0;
            Assert.Equal(expected++, before);
            last = phase;
        }
    }

    [Fact]
    public void RateAt_NewPhase_WarmsUpAgain()
    {
        var recipe = new LanguageRecipe();
        var second = Enumerable.Range(0, recipe.Steps - recipe.AlignmentSteps).First(step => Curriculum.At(recipe.Phases, step, recipe.Steps - recipe.AlignmentSteps).Phase == Curriculum.Phases[1]);
        var before = recipe.RateAt(recipe.AlignmentSteps + second - 1);

        Assert.Equal(recipe.LearningRate, before, 0.05 * recipe.LearningRate);
        Assert.Equal(before / recipe.WarmUpSteps, recipe.RateAt(recipe.AlignmentSteps + second), 1e-6);
        Assert.Equal(before, recipe.RateAt(recipe.AlignmentSteps + second + recipe.WarmUpSteps), 0.05 * recipe.LearningRate);
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
