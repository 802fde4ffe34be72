using System.Text;
using FsCheck;
using FsCheck.Fluent;
using M3.Adaptive.Model.Tokenizer;
using Xunit;

namespace M3.Adaptive.Model.Tests.Tokenizer;

public sealed class SentencePieceTokenizerTests(TinyTokenizer tiny) : IClassFixture<TinyTokenizer>
{
    private readonly SentencePieceTokenizer _tokenizer = tiny.Tokenizer;

    [Fact]
    public void EncodeDecode_AnyText_ComesBack() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string?>(), text =>
        {
            // Not text at all: halves of surrogate pairs. U+2581 is how a space is spelt, so it comes back as one.
            var sound = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text ?? "")).Replace('\u2581', ' ');
            return _tokenizer.Decode(_tokenizer.Encode(sound)) == sound;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("   leading and trailing   ")]
    [InlineData("a\0b")]
    [InlineData("\0")]
    [InlineData("line\nbreak\r\n\ttab")]
    [InlineData("漢字 ё é 😀👩‍👩‍👧")]
    [InlineData("</s><s><unk><image>")]
    public void EncodeDecode_Text_ComesBack(string text) => Assert.Equal(text, _tokenizer.Decode(_tokenizer.Encode(text)));

    [Fact]
    public void Encode_TypedControlPieces_AreOrdinaryText()
    {
        var ids = _tokenizer.Encode("</s><s><unk>");

        Assert.DoesNotContain(_tokenizer.EndId, ids);
        Assert.DoesNotContain(_tokenizer.BeginId, ids);
        Assert.DoesNotContain(_tokenizer.UnknownId, ids);
    }

    [Fact]
    public void Encode_TextLongerThanItsBytes_FitsAll()
    {
        var text = new string('漢', 5000);

        var ids = _tokenizer.Encode(text);

        Assert.Equal(text, _tokenizer.Decode(ids));
        Assert.True(ids.Length >= 15_000);
    }

    [Theory]
    [InlineData("USER: hi")]
    [InlineData("x")]
    [InlineData("")]
    [InlineData(" spaced")]
    [InlineData("\nbreak")]
    public void EncodeContinuation_Text_HasNoSpaceBeforeIt(string text)
    {
        var ids = _tokenizer.EncodeContinuation(text);

        Assert.Equal("\n" + text, _tokenizer.Decode([.. _tokenizer.Encode("\n"), .. ids]));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(340)]
    [InlineData(int.MaxValue)]
    public void DecodeAndPiece_IdOutsideTheVocabulary_AreRefused(int id)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _tokenizer.Decode([id]));
        Assert.Throws<ArgumentOutOfRangeException>(() => _tokenizer.Piece(id));
    }

    [Fact]
    public void Decode_ManyLongPieces_GrowsItsBuffer()
    {
        var longest = Enumerable.Range(0, _tokenizer.VocabularySize).MaxBy(id => _tokenizer.Piece(id).Length);
        var ids = Enumerable.Repeat(longest, 2000).ToArray();

        Assert.Equal(2000, _tokenizer.Decode(ids).Split(_tokenizer.Piece(longest).Trim('\u2581')).Length - 1);
    }

    [Fact]
    public void Load_EmptyBytes_NamesTheModel()
    {
        var fault = Assert.Throws<TokenizerException>(() => SentencePieceTokenizer.Load([], "folder/tokenizer.model"));

        Assert.Contains("folder/tokenizer.model is empty", fault.Message);
    }

    [Fact]
    public void Load_CutModel_NamesTheModel()
    {
        var fault = Assert.Throws<TokenizerException>(() => SentencePieceTokenizer.Load(tiny.Model.AsSpan(..(tiny.Model.Length / 2 + 1)), "cut.model"));

        Assert.StartsWith("cut.model", fault.Message);
    }

    [Theory]
    [InlineData("this is a text and no model")]
    [InlineData("{}")]
    [InlineData("\u0001\u0002\u0003")]
    public void Load_ForeignBytes_AreRefused(string bytes) =>
        Assert.Throws<TokenizerException>(() => SentencePieceTokenizer.Load(Encoding.UTF8.GetBytes(bytes), "foreign"));

    [Fact]
    public void Load_ModelWithoutControlPieces_SaysWhatIsMissing()
    {
        var options = SentencePieceTrainer.LlamaOptions(340);
        options["bos_id"] = "-1";
        options["eos_id"] = "1";
        var model = SentencePieceTrainer.Train(options, TinyTokenizer.Sentences);

        var fault = Assert.Throws<TokenizerException>(() => SentencePieceTokenizer.Load(model, "bare.model"));

        Assert.Contains("<s>", fault.Message);
    }

    [Fact]
    public void Open_MissingFile_NamesItsPath()
    {
        var fault = Assert.Throws<TokenizerException>(() => SentencePieceTokenizer.Open("/nowhere/tokenizer.model"));

        Assert.Contains("/nowhere/tokenizer.model", fault.Message);
    }

    [Fact]
    public void Encode_AfterDispose_IsRefused()
    {
        var disposed = SentencePieceTokenizer.Load(tiny.Model, "tiny");
        disposed.Dispose();
        disposed.Dispose();

        Assert.Throws<ObjectDisposedException>(() => disposed.Encode("text"));
    }

    [Fact]
    public void Encode_ManyThreads_AgreeWithOne()
    {
        var expected = _tokenizer.Encode("What colour is the circle?");

        Parallel.For(0, 200, _ => Assert.Equal(expected, _tokenizer.Encode("What colour is the circle?")));
    }
}
