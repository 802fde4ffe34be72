using M3.Adaptive.Core;
using M3.Adaptive.TestKit.Time;
using Xunit;

namespace M3.Adaptive.Inference.Tests.Engine;

public sealed class ScoreAllScalesTests
{
    private const string Question = "12 apples?";

    [Fact]
    public async Task ScoreAllScalesAsync_AnswersOfItsOwn_AreAsLikelyAsItSaidWhenItGaveThem()
    {
        using var generator = TinyModel.Generator();
        using var loaded = TinyModel.Load();
        using var image = await generator.EncodeAsync(TinyModel.Picture(), CancellationToken.None);
        string[] answers = ["red dog", "", "12", "where is it?"];

        var scores = await generator.ScoreAllScalesAsync(image, Question, answers, CancellationToken.None);

        Assert.Equal(VisualScale.All.Count, scores.Count);
        foreach (var (scale, score) in VisualScale.All.Zip(scores))
        {
            foreach (var (answer, (logProbability, tokens)) in answers.Zip(score))
            {
                var expected = PlainDecoder.Score(loaded, loaded.ReadPixels(TinyModel.Picture()), scale, loaded.Prompt.Suffix(Question), loaded.Prompt.Answer(answer));
                Assert.Equal(expected, logProbability, 1e-3);
                Assert.Equal(loaded.Prompt.Answer(answer).Length, tokens);
            }
        }

        await generator.CheckIntegrityAsync(CancellationToken.None).Soon();
        Assert.Equal(0, generator.KvBytesHeld);
    }

    [Fact]
    public async Task ScoreAllScalesAsync_AnswerBeyondTheContext_IsRefusedBeforeAnything()
    {
        using var generator = TinyModel.Generator();
        using var image = await generator.EncodeAsync(TinyModel.Picture(), CancellationToken.None);

        await Assert.ThrowsAsync<ContextLengthException>(() =>
            generator.ScoreAllScalesAsync(image, Question, ["12", string.Concat(Enumerable.Repeat("12 apples ", 300))], CancellationToken.None));
    }
}
