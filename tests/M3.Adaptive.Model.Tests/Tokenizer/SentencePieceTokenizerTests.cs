using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using M3.Adaptive.Model.Tokenizer;
using M3.Adaptive.TestKit.Tokenizer;
using Xunit;
using Piece = M3.Adaptive.Model.Tokenizer.ModelProto.Types.SentencePiece;
using PieceType = M3.Adaptive.Model.Tokenizer.ModelProto.Types.SentencePiece.Types.Type;

namespace M3.Adaptive.Model.Tests.Tokenizer;

public sealed class SentencePieceTokenizerTests
{
    private readonly SentencePieceTokenizer _tokenizer = SentencePieceTokenizer.Load(TinyTokenizer.Model, "tiny");

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
    public void Encode_HalfOfASurrogatePair_IsTheReplacementCharacter() =>
        Assert.Equal(_tokenizer.Encode("a\uFFFDb"), _tokenizer.Encode("a\uD83Db"));

    [Fact]
    public void Encode_TypedControlPieces_AreOrdinaryText()
    {
        var ids = _tokenizer.Encode("</s><s><unk>");

        Assert.DoesNotContain(_tokenizer.EndId, ids);
        Assert.DoesNotContain(_tokenizer.BeginId, ids);
        Assert.DoesNotContain(_tokenizer.UnknownId, ids);
    }

    [Fact]
    public void Encode_MergesThatLeadToAControlPiece_StopBeforeIt()
    {
        var tokenizer = Tiny(new Piece { Piece = "<" }, new Piece { Piece = ">" }, new Piece { Piece = "<s" });

        Assert.Equal(["\u2581", "<s", ">"], Pieces(tokenizer, "<s>"));
    }

    [Theory]
    [InlineData("!!!!!", "\u2581!! !! !")]
    [InlineData("aaaaa", "\u2581aaa a a")]
    [InlineData("hahaha", "\u2581haha ha")]
    public void Encode_MergesThatOverlap_TakesTheFirst(string text, string pieces) => Assert.Equal(pieces.Split(' '), Pieces(_tokenizer, text));

    [Theory]
    [InlineData("dog dogs", "\u2581dog \u2581dogs")]        // the longest word
    [InlineData("dogre hedogre", "\u2581dog re \u2581 he do gre")]    // at the first place where one begins
    [InlineData("the", "\u2581 t he")]                       // nothing merges with it: without the word t this is one piece
    public void Encode_WordsThatAreTakenWhole_GoBeforeTheMerges(string text, string pieces)
    {
        var tokenizer = Tiny(Word("\u2581dog"), Word("\u2581dogs"), Word("gre"), Word("t"));

        Assert.Equal(pieces.Split(' '), Pieces(tokenizer, text));
        Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text)));
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

    [Fact]
    public void Decode_ControlIdWithinACharacter_EndsIt()
    {
        int[] ids = [0xC3 + 3, _tokenizer.EndId, 0xA9 + 3];

        Assert.Equal("\uFFFD\uFFFD", _tokenizer.Decode(ids));
    }

    [Theory]
    [InlineData("F0 9F 98 80 41", "😀A")]
    [InlineData("F0 9F 98", "\uFFFD\uFFFD\uFFFD")]
    [InlineData("F0 9F 41", "\uFFFD\uFFFDA")]
    [InlineData("ED A0 80", "\uFFFD\uFFFD\uFFFD")]          // half of a surrogate pair
    [InlineData("C0 80 FF", "\uFFFD\uFFFD\uFFFD")]
    [InlineData("20 41", " A")]                              // a space that is spelled as a byte stays
    public void Decode_Bytes_GivesAReplacementForEachThatFitsNone(string bytes, string text) =>
        Assert.Equal(text, _tokenizer.Decode([.. Convert.FromHexString(bytes.Replace(" ", "")).Select(value => value + 3)]));

    [Fact]
    public void Decode_UnknownId_GivesItsSurface() => Assert.Equal(" \u2047 ", _tokenizer.Decode([_tokenizer.UnknownId]));

    [Theory]
    [InlineData(-1)]
    [InlineData(TinyTokenizer.VocabularySize)]
    [InlineData(int.MaxValue)]
    public void DecodeAndPiece_IdOutsideTheVocabulary_AreRefused(int id)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _tokenizer.Decode([id]));
        Assert.Throws<ArgumentOutOfRangeException>(() => _tokenizer.Piece(id));
    }

    [Fact]
    public void Load_EmptyBytes_NamesTheModel()
    {
        var fault = Assert.Throws<TokenizerException>(() => SentencePieceTokenizer.Load([], "folder/tokenizer.model"));

        Assert.Contains("folder/tokenizer.model is empty", fault.Message);
    }

    [Fact]
    public void Load_ModelCutAnywhere_IsRefused()
    {
        for (var length = 0; length < TinyTokenizer.Model.Length; length++)
        {
            var fault = Assert.Throws<TokenizerException>(() => SentencePieceTokenizer.Load(TinyTokenizer.Model.AsSpan(..length), "cut.model"));

            Assert.StartsWith("cut.model", fault.Message);
        }
    }

    [Theory]
    [InlineData("this is a text and no model")]
    [InlineData("{}")]
    [InlineData("""{"version":"1.0","model":{"type":"BPE","vocab":{"a":0},"merges":[]}}""")]
    [InlineData("\u0001\u0002\u0003")]
    public void Load_ForeignBytes_AreRefused(string bytes)
    {
        var fault = Assert.Throws<TokenizerException>(() => SentencePieceTokenizer.Load(Encoding.UTF8.GetBytes(bytes), "foreign"));

        Assert.StartsWith("foreign is no SentencePiece model", fault.Message);
    }

    [Theory]
    [InlineData("words", "type Word")]
    [InlineData("rule", "the rule 'nmt_nfkc'")]
    [InlineData("trims", "the rule 'identity'")]
    [InlineData("no fallback", "bytes")]
    [InlineData("no byte", "bytes")]
    [InlineData("other byte", "bytes")]
    [InlineData("no begin", "<s>")]
    [InlineData("twice", "the piece ha twice")]
    [InlineData("empty piece", "a piece that is empty")]
    public void Load_ModelWithOtherConventions_SaysWhichAreExpected(string change, string expected)
    {
        var model = ModelProto.Parser.ParseFrom(TinyTokenizer.Model);
        switch (change)
        {
            case "words": model.TrainerSpec.ModelType = TrainerSpec.Types.ModelType.Word; break;
            case "rule": (model.NormalizerSpec.Name, model.NormalizerSpec.PrecompiledCharsmap) = ("nmt_nfkc", ByteString.CopyFromUtf8("map")); break;
            case "trims": model.NormalizerSpec.RemoveExtraWhitespaces = true; break;
            case "no fallback": model.TrainerSpec.ByteFallback = false; break;
            case "no byte": model.Pieces.RemoveAt(100); break;
            case "other byte": model.Pieces[100].Piece = "<byte>"; break;
            case "no begin": model.Pieces[1].Piece = "<begin>"; break;
            case "twice": model.Pieces.Add(new Piece { Piece = "ha" }); break;
            case "empty piece": model.Pieces.Add(new Piece { Piece = "" }); break;
        }

        var fault = Assert.Throws<TokenizerException>(() => SentencePieceTokenizer.Load(model.ToByteArray(), "other.model"));

        Assert.StartsWith("other.model", fault.Message);
        Assert.Contains(expected, fault.Message);
    }

    [Fact]
    public void Open_MissingFile_NamesItsPath()
    {
        var fault = Assert.Throws<TokenizerException>(() => SentencePieceTokenizer.Open("/nowhere/tokenizer.model"));

        Assert.Contains("/nowhere/tokenizer.model", fault.Message);
    }

    [Fact]
    public void Encode_ManyThreads_AgreeWithOne()
    {
        string[] texts = [.. Enumerable.Range(0, 50).Select(i => $"What colour is circle {i}? {new string('a', i % 7)} hahaha")];
        var expected = texts.Select(_tokenizer.Encode).ToArray();

        Parallel.For(0, 5_000, i => Assert.Equal(expected[i % texts.Length], _tokenizer.Encode(texts[i % texts.Length])));
    }

    /// <summary>Recorded from SentencePiece 0.1.97.</summary>
    [Theory]
    [InlineData("what is the price of milk", "259 260 261 262 263 272 349 345 348 347")]
    [InlineData("\nwhat is there ASSISTANT:", "272 13 268 260 264 272 305 323 323 313 323 324 305 318 324 298")]
    [InlineData("not there", "265 264")]
    [InlineData("barrel", "267")]
    [InlineData("bars", "266 355")]
    [InlineData("what  is", "259 272 260")]
    [InlineData("a</s>b <s>", "272 337 300 287 355 302 338 272 300 355 302")]
    [InlineData("h\u00e9llo \u20ac", "272 344 198 172 348 348 351 272 229 133 175")]
    [InlineData("WHAT IS", "272 327 312 305 324 272 313 323")]
    [InlineData("\n\nwhat", "272 13 13 268")]
    [InlineData("showwhat", "272 355 344 351 359 268")]
    [InlineData(" what", "272 259")]
    [InlineData("the<0x41>x", "261 300 288 360 292 289 302 360")]
    public void Encode_UnigramModel_GivesTheIdsOfSentencePiece(string text, string ids)
    {
        var tokenizer = SentencePieceTokenizer.Load(UnigramModel(), "unigram");

        Assert.Equal(ids, string.Join(' ', tokenizer.Encode(text)));
        Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text)));
    }

    /// <summary>Bytes, words and characters, in this order, with scores that fall by a hundredth.</summary>
    private static byte[] UnigramModel()
    {
        string[] words = ["\u2581what", "\u2581is", "\u2581the", "\u2581price", "\u2581of", "\u2581there", "\u2581not", "\u2581bar", "\u2581barrel", "what", "\u2581hot", "\u2581dog", "\u2581red"];
        var characters = Enumerable.Range('!', '~' - '!' + 1).Select(character => $"{(char)character}").Prepend("\u2581");
        var model = ModelProto.Parser.ParseFrom(TinyTokenizer.Model);
        model.TrainerSpec.ModelType = TrainerSpec.Types.ModelType.Unigram;
        Piece[] pieces =
        [
            .. model.Pieces.Where(piece => piece.Type is PieceType.Unknown or PieceType.Control or PieceType.Byte),
            .. words.Select((word, rank) => new Piece { Piece = word, Score = -1 - 0.01f * rank }),
            .. characters.Select((character, rank) => new Piece { Piece = character, Score = -10 - 0.01f * rank }),
        ];
        model.Pieces.Clear();
        model.Pieces.AddRange(pieces);
        return model.ToByteArray();
    }

    private static Piece Word(string piece) => new() { Piece = piece, Type = PieceType.UserDefined };

    private static SentencePieceTokenizer Tiny(params ReadOnlySpan<Piece> more)
    {
        var model = ModelProto.Parser.ParseFrom(TinyTokenizer.Model);
        foreach (var piece in more)
        {
            // In place of a character of the same spelling, if there is one.
            if (model.Pieces.FirstOrDefault(known => known.Piece == piece.Piece) is { } known) known.MergeFrom(piece);
            else model.Pieces.Add(piece);
        }

        return SentencePieceTokenizer.Load(model.ToByteArray(), "tiny");
    }

    private static IEnumerable<string> Pieces(SentencePieceTokenizer tokenizer, string text) => tokenizer.Encode(text).Select(tokenizer.Piece);
}
