using FsCheck;
using FsCheck.Fluent;
using M3.Adaptive.Model.Tokenizer;
using M3.Adaptive.TestKit.Tokenizer;
using Xunit;

namespace M3.Adaptive.Model.Tests.Tokenizer;

public sealed class AnswerTextTests
{
    private readonly SentencePieceTokenizer _tokenizer = SentencePieceTokenizer.Load(TinyTokenizer.Model, "tiny");

    [Fact]
    public void Add_AnyIds_PartsAreTheTrimmedText()
    {
        var ids = Gen.Choose(3, _tokenizer.VocabularySize - 1).ArrayOf().ToArbitrary();

        Prop.ForAll(ids, chosen =>
        {
            var answer = new AnswerText(_tokenizer);
            var parts = string.Concat(chosen.Select(answer.Add)) + answer.Finish();
            return parts == Strip(_tokenizer.Decode(chosen));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Add_BytesOfOneCharacter_WaitForTheLast()
    {
        var answer = new AnswerText(_tokenizer);
        int[] bytes = [0xF0 + 3, 0x9F + 3, 0x98 + 3, 0x80 + 3];

        Assert.Equal(["", "", "", "😀"], bytes.Select(answer.Add));
        Assert.Equal("", answer.Finish());
    }

    [Fact]
    public void Finish_UnfinishedCharacter_IsReplaced()
    {
        var answer = new AnswerText(_tokenizer);

        Assert.Equal("", answer.Add(0xC3 + 3));
        Assert.Equal("\uFFFD", answer.Finish());
    }

    [Fact]
    public void Add_ControlIds_AddNothing()
    {
        var answer = new AnswerText(_tokenizer);

        Assert.Equal("", answer.Add(_tokenizer.BeginId) + answer.Add(_tokenizer.UnknownId) + answer.Add(_tokenizer.EndId) + answer.Finish());
    }

    [Fact]
    public void Add_SpacesAtBothEnds_AreNeverSent()
    {
        var answer = new AnswerText(_tokenizer);
        var ids = _tokenizer.Encode("  top left  ");

        Assert.Equal("top left", string.Concat(ids.Select(answer.Add)));
        Assert.Equal("", answer.Finish());
    }

    [Fact]
    public void Add_IdBeyondThePieces_AddsNothing()
    {
        var answer = new AnswerText(_tokenizer);

        Assert.Equal("", answer.Add(_tokenizer.VocabularySize));
        Assert.Equal("", answer.Finish());
    }

    [Fact]
    public void Add_SeparatorsAtBothEnds_AreTrimmedAsPythonDoes()
    {
        var answer = new AnswerText(_tokenizer);
        var ids = _tokenizer.Encode("\x1f \x1cred\x1edog \x1d");

        Assert.Equal("red\x1edog", string.Concat(ids.Select(answer.Add)) + answer.Finish());
    }

    // Python's: what its documentation calls white space, at both ends.
    private static string Strip(string text)
    {
        char[] separators = ['\x1c', '\x1d', '\x1e', '\x1f'];
        var stripped = text.Trim().Trim(separators);
        return stripped == text ? text : Strip(stripped);
    }
}
