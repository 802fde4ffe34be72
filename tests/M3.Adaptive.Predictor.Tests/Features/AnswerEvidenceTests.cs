using M3.Adaptive.Core;
using M3.Adaptive.Predictor.Features;
using Xunit;

namespace M3.Adaptive.Predictor.Tests.Features;

public sealed class AnswerEvidenceTests
{
    private static readonly TokenEvidence[] Answer =
    [
        Token(-0.5f, 2, 0.25f), Token(-2, 0.5f, 1.5f), Token(-0.25f, 4, 0.125f), Token(-0.25f, 3, 0.125f), Token(-1, 1, 0.5f),
    ];

    [Fact]
    public void Of_FiveTokens_SumsThemUp() =>
        Assert.Equal(
            [-0.5f, 2, 0.25f, -2, -1, (float)(Half)(-0.8f), -4, 0.5f, 1.5f, 0.5f, 5],
            AnswerEvidence.Of(Answer).Values.ToArray());

    [Fact]
    public void Of_OneToken_IsThatToken() =>
        Assert.Equal([-0.5f, 2, 0.25f, -0.5f, -0.5f, -0.5f, -0.5f, 2, 0.25f, 0.25f, 1], AnswerEvidence.Of(Answer[..1]).Values.ToArray());

    [Fact]
    public void FirstTokenOnly_AnyAnswer_IsThatOfItsFirstToken()
    {
        var first = AnswerEvidence.Of(Answer).FirstTokenOnly();

        Assert.Equal(AnswerEvidence.Of(Answer[..1]).Values.ToArray(), first.Values.ToArray());
        Assert.True(first.IsFirstTokenOnly);
        Assert.False(AnswerEvidence.Of(Answer).IsFirstTokenOnly);
    }

    [Fact]
    public void Encode_ThenDecode_GivesItBack()
    {
        var evidence = AnswerEvidence.Of(Answer);

        Assert.Equal(evidence.Values.ToArray(), AnswerEvidence.Decode(evidence.Encode()).Values.ToArray());
    }

    [Fact]
    public void Of_NoTokens_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => AnswerEvidence.Of([]));

    private static TokenEvidence Token(float log, float margin, float entropy) => new(1, "x", log, margin, entropy, FinishReason.None, Cost.Zero);
}
