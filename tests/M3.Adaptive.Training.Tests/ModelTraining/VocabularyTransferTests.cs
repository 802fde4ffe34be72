using M3.Adaptive.Model.Tokenizer;
using M3.Adaptive.TestKit;
using M3.Adaptive.Training.ModelTraining;
using Xunit;
using static TorchSharp.torch;

namespace M3.Adaptive.Training.Tests.ModelTraining;

public sealed class VocabularyTransferTests
{
    private static readonly SentencePieceTokenizer Shipped = SentencePieceTokenizer.Open(Path.Combine(RepositoryRoot.Path, "models", "m3-nano", "tokenizer.model"));
    private static readonly SentencePieceTokenizer Next = SentencePieceTokenizer.Load(NanoVocabulary.Of(), "built");
    private static readonly SentencePieceTokenizer Former = SentencePieceTokenizer.Load(NanoVocabulary.Build(["what is the fox"], ["fox"], ["tea"], ["tea"]), "former");

    [Fact]
    public void Rows_FormerToNext_KeepsWhatBothHaveAndSpellsWhatIsNew()
    {
        var rows = VocabularyTransfer.Rows(Former, Next);

        Assert.Equal(Next.VocabularySize, rows.Length);
        Assert.All(rows, row => Assert.NotEmpty(row));
        string[] Of(string piece) => [.. rows[Enumerable.Range(0, Next.VocabularySize).First(id => Next.Piece(id) == piece)].Select(Former.Piece)];
        foreach (var piece in new[] { "\u2581fox", "\u2581what", "what", "a", "</s>", "<0x41>" }) Assert.Equal([piece], Of(piece));
        Assert.Equal(["\u2581", "n", "o", "t"], Of("\u2581not"));
        Assert.True(rows.Count(row => row.Length > 1) > 300);
    }

    [Fact]
    public void Rows_OfTheShippedModel_AreAllKept() =>
        Assert.All(VocabularyTransfer.Rows(Shipped, Next), row => Assert.Single(row));

    [Fact]
    public void Rows_SameVocabulary_AreItsOwn() =>
        Assert.Equal(Enumerable.Range(0, Next.VocabularySize), VocabularyTransfer.Rows(Next, Next).Select(row => Assert.Single(row)));

    [Fact]
    public void Apply_Rows_CopiesOrAverages()
    {
        using var scope = NewDisposeScope();
        var old = tensor(new float[] { 1, 2, 3, 4, 5, 9 }).reshape(3, 2);

        var next = VocabularyTransfer.Apply(old, [[2], [0, 1], [1, 1, 2]]);

        Assert.Equal([5, 9, 2, 3, 11 / 3f, 17 / 3f], next.data<float>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-5);
    }
}
