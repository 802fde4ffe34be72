using M3.Adaptive.Model.Tokenizer;
using M3.Adaptive.Training.DataGeneration;
using M3.Adaptive.Training.ModelTraining;
using M3.Adaptive.Training.Tests.DataGeneration;
using Xunit;
using Library = Microsoft.ML.Tokenizers.SentencePieceTokenizer;

namespace M3.Adaptive.Training.Tests.ModelTraining;

public sealed class NanoVocabularyTests
{
    private static readonly byte[] Bytes = NanoVocabulary.Of();
    private static readonly SentencePieceTokenizer Tokenizer = SentencePieceTokenizer.Load(Bytes, "built");

    [Fact]
    public void Of_WordsOfNames_AreOnePieceEach()
    {
        Assert.Equal(["\u2581not", "\u2581there"], Pieces(Question.NotThere));
        Assert.All(DataLists.Concepts, concept => Assert.Equal(concept.Name.Split(' ').Length, Tokenizer.Encode(concept.Name).Length));
    }

    [Fact]
    public void Of_ItemsAndNumbers_AreSpelled() =>
        Assert.All([.. DataLists.Items, "37", "2750"], text => Assert.Equal(text.Select(character => $"{character}").Prepend("\u2581"), Pieces(text)));

    [Fact]
    public void Of_Capitals_AreCharactersAndNoBytes() => Assert.Equal("\u2581 B R E A D \u2581 2 . 5 0".Split(' '), Pieces("BREAD 2.50"));

    [Fact]
    public void Of_OpeningWord_FollowsTheLineBreakWhole() => Assert.Equal(["\n", "what", "\u2581color"], Pieces("\nwhat color")[1..]);

    [Fact]
    public void Of_AllPieces_AreOrdinaryOnesBehindTheBytes()
    {
        Assert.Equal("<0x00>", Tokenizer.Piece(3));
        Assert.Equal("<0xFF>", Tokenizer.Piece(258));
        Assert.InRange(Tokenizer.VocabularySize, 500, 1_000);
    }

    /// <summary>The library's own reader, given the file and whole prompts, and ours.</summary>
    [Fact]
    public void Of_ManyQuestions_AreWhatTheLibraryReads()
    {
        var library = Library.Create(new MemoryStream(Bytes), addBeginningOfSentence: false, addEndOfSentence: false);
        string[] texts = [VicunaPrompt.System, .. TestData.Scenes(150, Split.Test).SelectMany(scene => scene.Questions).SelectMany(question => new[] { $"\n{question.Text} ASSISTANT:", question.Text.ToLowerInvariant(), question.Answer })];

        Assert.InRange(texts.Length, 3_000, 20_000);
        Assert.All(texts, text =>
        {
            Assert.Equal(library.EncodeToIds(text, false, false, considerPreTokenization: true, considerNormalization: true), Tokenizer.Encode(text));
            Assert.Equal(text, Tokenizer.Decode(Tokenizer.Encode(text)));
            Assert.Equal(text, library.Decode(Tokenizer.Encode(text)));
        });
    }

    private static string[] Pieces(string text) => [.. Tokenizer.Encode(text).Select(Tokenizer.Piece)];
}
