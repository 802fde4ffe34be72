using M3.Adaptive.Model.Tokenizer;
using static TorchSharp.torch;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary>
/// Carries embeddings, and with them the tied head, from one vocabulary to another, so that training goes on: a piece of both keeps its row, a new one
/// begins as the mean of those that the old vocabulary wrote it with.
/// </summary>
internal static class VocabularyTransfer
{
    /// <summary>The one weight with a row a piece.</summary>
    public const string Embeddings = "embed_tokens.weight";

    /// <summary>For each piece of the new vocabulary the pieces of the old one whose mean it begins as: at least one.</summary>
    public static int[][] Rows(SentencePieceTokenizer old, SentencePieceTokenizer next)
    {
        var known = Enumerable.Range(0, old.VocabularySize).ToDictionary(old.Piece);
        return [.. Enumerable.Range(0, next.VocabularySize).Select(next.Piece).Select(piece =>
            known.TryGetValue(piece, out var id) ? [id]
            : piece is ['\u2581', _, ..] ? old.Encode(piece[1..])
            : old.EncodeContinuation(piece))];
    }

    /// <param name="embeddings">[V, C] of the old vocabulary.</param>
    /// <param name="rows">V' times which of them.</param>
    /// <returns>[V', C]</returns>
    public static Tensor Apply(Tensor embeddings, int[][] rows)
    {
        using var scope = NewDisposeScope();
        var mixing = zeros(rows.Length, embeddings.shape[0]);                     // [V', V]
        for (var piece = 0; piece < rows.Length; piece++)
        {
            foreach (var row in rows[piece]) mixing[piece, row] += 1f / rows[piece].Length;
        }

        return mixing.matmul(embeddings.to(ScalarType.Float32)).MoveToOuterDisposeScope();
    }
}
