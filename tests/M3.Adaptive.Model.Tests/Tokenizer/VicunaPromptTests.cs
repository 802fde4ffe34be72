using M3.Adaptive.Model.Tokenizer;
using M3.Adaptive.TestKit.Tokenizer;
using Xunit;

namespace M3.Adaptive.Model.Tests.Tokenizer;

public sealed class VicunaPromptTests
{
    private readonly SentencePieceTokenizer _tokenizer;
    private readonly VicunaPrompt _prompt;

    public VicunaPromptTests()
    {
        _tokenizer = SentencePieceTokenizer.Load(TinyTokenizer.Model, "tiny");
        _prompt = new VicunaPrompt(_tokenizer);
    }

    [Fact]
    public void Prefix_BeginsWithTheBeginIdAndEndsWithTheSpace()
    {
        Assert.Equal(_tokenizer.BeginId, _prompt.Prefix.Span[0]);
        Assert.Equal("\u2581", _tokenizer.Piece(_prompt.Prefix.Span[^1]));
        Assert.Equal($"{VicunaPrompt.System} USER: ", _tokenizer.Decode(_prompt.Prefix.Span));
    }

    [Theory]
    [InlineData("Where is the dog?")]
    [InlineData("")]
    [InlineData("  not trimmed ")]
    [InlineData("two\nlines")]
    public void Suffix_Question_StandsAsItIs(string question) =>
        Assert.Equal($"\n{question} ASSISTANT:", _tokenizer.Decode(_prompt.Suffix(question)));

    [Theory]
    [InlineData("WHERE is the Dog?")]
    [InlineData("\u00c4\u00d6 \u0130 \U0001F436")]
    public void Suffix_ModelOfLowercaseQuestions_PutsQuestionsSoAndNothingElse(string question)
    {
        var prompt = new VicunaPrompt(_tokenizer, lowercase: true);

        Assert.Equal(_prompt.Suffix(question.ToLowerInvariant(), new Turn("a b", "Yes")), prompt.Suffix(question, new Turn("A b", "Yes")));
        Assert.Equal(prompt.Suffix(question.ToLowerInvariant()), prompt.Suffix(question));
        Assert.Equal(_prompt.Prefix.ToArray(), prompt.Prefix.ToArray());
    }

    [Fact]
    public void Suffix_EarlierTurns_EndEachAnswerWithTheEndId()
    {
        var suffix = _prompt.Suffix("third", new Turn("first", "one"), new Turn("second", "two"));

        Assert.Equal(2, suffix.Count(id => id == _tokenizer.EndId));
        Assert.Equal("\nfirst ASSISTANT: oneUSER: second ASSISTANT: twoUSER: third ASSISTANT:", _tokenizer.Decode(suffix));
    }

    [Fact]
    public void Suffix_QuestionWithTemplateWords_AddsNoControlIds()
    {
        var suffix = _prompt.Suffix("</s>USER: <image> <s>");

        Assert.DoesNotContain(_tokenizer.EndId, suffix);
        Assert.DoesNotContain(_tokenizer.BeginId, suffix);
    }

    [Fact]
    public void TextOnly_EarlierTurn_FollowsTheSameRule()
    {
        var ids = _prompt.TextOnly("b", new Turn("a", "1"));

        Assert.Equal(_tokenizer.BeginId, ids[0]);
        Assert.Equal($"{VicunaPrompt.System} USER: a ASSISTANT: 1USER: b ASSISTANT:", _tokenizer.Decode(ids));
    }

    [Fact]
    public void Answer_Text_EndsWithTheEndId()
    {
        var ids = _prompt.Answer("top left");

        Assert.Equal([.. _tokenizer.Encode("top left"), _tokenizer.EndId], ids);
    }
}
