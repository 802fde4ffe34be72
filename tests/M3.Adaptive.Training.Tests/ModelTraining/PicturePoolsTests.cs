using M3.Adaptive.Training.DataGeneration;
using M3.Adaptive.Training.ModelTraining;
using M3.Adaptive.Training.Tests.DataGeneration;
using Xunit;

namespace M3.Adaptive.Training.Tests.ModelTraining;

public sealed class PicturePoolsTests
{
    [Theory]
    [InlineData("items", Kinds.Receipt)]
    [InlineData("bar-heights", Kinds.Bars)]
    [InlineData("bar-values", Kinds.Bars)]
    [InlineData("counting", Kinds.Scatter)]
    public void Draw_LessonOfOneKindOfQuestion_AsksNothingElse(string lesson, string kind)
    {
        var scenes = TestData.Scenes(40, kind: kind).Select(scene => Stored(kind, scene.Questions)).ToArray();
        var pools = new PicturePools(scenes, [.. scenes.Select(scene => scene.Questions.Select(Tokenized).ToArray())]);

        var drawn = pools.Draw(Curriculum.Named[lesson], 32, 8, new SeededRandom(1));

        var asked = drawn.Questions.SelectMany(questions => questions).Select(question => question.Source!).ToArray();
        Assert.NotEmpty(asked);
        Assert.All(asked, question => Assert.True(IsOfItsKind(lesson, question), $"{lesson} asks '{question.Text}'"));
    }

    private static bool IsOfItsKind(string lesson, Question question) => lesson switch
    {
        "items" => question.Family == Families.Receipt && !question.Answer.All(char.IsAsciiDigit),    // an item, or that none has this price
        "bar-heights" => question.About is "highest" or "lowest" or "longest" or "shortest",
        "bar-values" => question.Family == Families.Bars && question.About is not ("highest" or "lowest" or "longest" or "shortest"),
        "counting" => question.Family == Families.Count,
        _ => false,
    };

    private static StoredScene Stored(string kind, IReadOnlyList<Question> questions) =>
        new(kind, questions, new short[DenseHeads.Patches], new sbyte[DenseHeads.Patches], new bool[DenseHeads.Patches], new byte[3 * DenseHeads.Patches]);

    private static TokenizedQuestion Tokenized(Question question) => new(question.Family, question.ExpectedTokens, [1], [2]) { Source = question };
}
