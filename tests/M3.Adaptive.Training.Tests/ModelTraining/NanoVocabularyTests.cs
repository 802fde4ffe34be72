using System.Security.Cryptography;
using M3.Adaptive.Model.Tokenizer;
using M3.Adaptive.TestKit;
using M3.Adaptive.Training.DataGeneration;
using M3.Adaptive.Training.ModelTraining;
using Xunit;
using PieceType = M3.Adaptive.Model.Tokenizer.ModelProto.Types.SentencePiece.Types.Type;

namespace M3.Adaptive.Training.Tests.ModelTraining;

public sealed class NanoVocabularyTests
{
    private static readonly string[] Questions = ["what is at the top left", "which bar is the highest?", "name the price of ham", "is there a red fox", "count the bars"];
    private static readonly string[] Answers = ["red fox", "top left", "gray"];
    private static readonly string[] Spelled = ["ham", "barrel", "topic", "countless"];

    private static readonly byte[] ShippedBytes = File.ReadAllBytes(Path.Combine(RepositoryRoot.Path, "models", "m3-nano", "tokenizer.model"));
    private static readonly ModelProto Shipped = ModelProto.Parser.ParseFrom(ShippedBytes);

    [Fact]
    public void Build_Sentences_GivesTheFileOfSentencePiecesTrainer()
    {
        // Recorded from SentencePiece 0.1.97: BPE with byte fallback, these words as user-defined symbols, room for no merge.
        const string recorded = "a2c5669834b28b2548d35e0c210be7f6cf602c5af7bc2b5cea3bdd95c5a5eaa8";

        Assert.Equal(recorded, Convert.ToHexStringLower(SHA256.HashData(NanoVocabulary.Build(Questions, Answers, Spelled))));
    }

    [Fact]
    public void Build_WordThatBeginsASpelledOne_IsSpelled()
    {
        var tokenizer = SentencePieceTokenizer.Load(NanoVocabulary.Build(Questions, Answers, Spelled), "built");

        var pieces = tokenizer.Encode("the bars of a barrel").Select(tokenizer.Piece);

        Assert.Equal("\u2581the \u2581bars \u2581 o f \u2581 a \u2581 b a r r e l".Split(' '), pieces);
    }

    [Fact]
    public void Of_WordsOfNames_AreOnePieceEach()
    {
        var tokenizer = SentencePieceTokenizer.Load(NanoVocabulary.Of(), "built");

        Assert.All(DataLists.Concepts, concept => Assert.Equal(concept.Name.Split(' ').Length, tokenizer.Encode(concept.Name).Length));
    }

    [Fact]
    public void Write_PiecesOfM3Nano_GivesItsFile()
    {
        var written = NanoVocabulary.Write(
            Shipped.TrainerSpec.UserDefinedSymbols, [.. Shipped.Pieces.Where(piece => piece.Type == PieceType.Normal).Select(piece => piece.Piece[0])]);

        Assert.Equal(ShippedBytes, written);
    }
}
