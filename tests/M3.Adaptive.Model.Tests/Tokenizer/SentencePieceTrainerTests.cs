using M3.Adaptive.Model.Tokenizer;
using Xunit;

namespace M3.Adaptive.Model.Tests.Tokenizer;

public sealed class SentencePieceTrainerTests(TinyTokenizer tiny) : IClassFixture<TinyTokenizer>
{
    [Fact]
    public void Train_LlamaOptions_GivesLlamasLayout()
    {
        var tokenizer = tiny.Tokenizer;

        Assert.Equal(340, tokenizer.VocabularySize);
        Assert.Equal((0, 1, 2), (tokenizer.UnknownId, tokenizer.BeginId, tokenizer.EndId));
        Assert.Equal("<0x00>", tokenizer.Piece(3));
        Assert.Equal("<0xFF>", tokenizer.Piece(258));
    }

    [Fact]
    public void Train_SameText_GivesTheSameBytes() =>
        Assert.Equal(tiny.Model, SentencePieceTrainer.Train(SentencePieceTrainer.LlamaOptions(340), TinyTokenizer.Sentences));

    [Fact]
    public void Train_Digits_StayApart()
    {
        var ids = tiny.Tokenizer.Encode("12");

        Assert.Equal(["\u2581", "1", "2"], ids.Select(tiny.Tokenizer.Piece));
    }

    [Fact]
    public void Train_VocabularyLargerThanTheText_IsRefusedWithTheTrainersReason()
    {
        var fault = Assert.Throws<TokenizerException>(
            () => SentencePieceTrainer.Train(SentencePieceTrainer.LlamaOptions(100_000), TinyTokenizer.Sentences));

        Assert.Contains("100000", fault.Message);
    }

    [Fact]
    public void Train_UnknownOption_IsNamed()
    {
        var options = SentencePieceTrainer.LlamaOptions(340);
        options["no_such_option"] = "1";

        var fault = Assert.Throws<TokenizerException>(() => SentencePieceTrainer.Train(options, TinyTokenizer.Sentences));

        Assert.Contains("no_such_option", fault.Message);
    }
}
