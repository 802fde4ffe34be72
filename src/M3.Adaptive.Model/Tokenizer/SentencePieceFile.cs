using Google.Protobuf;
using PieceType = M3.Adaptive.Model.Tokenizer.ModelProto.Types.SentencePiece.Types.Type;

namespace M3.Adaptive.Model.Tokenizer;

/// <summary>Reads the protobuf of a <c>tokenizer.model</c> and refuses what <see cref="SentencePieceTokenizer"/> would get wrong.</summary>
internal static class SentencePieceFile
{
    /// <exception cref="TokenizerException">The bytes are no whole SentencePiece model, or one with other conventions than LLaMA's.</exception>
    public static ModelProto Parse(ReadOnlySpan<byte> bytes, string name)
    {
        if (bytes.IsEmpty) throw new TokenizerException($"{name} is empty.");
        ModelProto model;
        try
        {
            model = ModelProto.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException fault)
        {
            throw new TokenizerException($"{name} is no SentencePiece model, or was cut: {fault.Message}", fault);
        }

        return FaultOf(model) is { } what ? throw new TokenizerException($"{name} {what}.") : model;
    }

    private static IEnumerable<string> BytePieces => Enumerable.Range(0, 256).Select(value => $"<0x{value:X2}>");

    private static string? FaultOf(ModelProto model)
    {
        if (model.Pieces.Count == 0) return "is no SentencePiece model: it holds no pieces";
        if (model.TrainerSpec is not { } trainer || model.NormalizerSpec is not { } normalizer) return "was cut: its settings are missing";
        if (trainer.ModelType is not (TrainerSpec.Types.ModelType.Bpe or TrainerSpec.Types.ModelType.Unigram))
            return $"is a model of type {trainer.ModelType}: expected Bpe (byte-pair encoding) or Unigram";
        if (!normalizer.PrecompiledCharsmap.IsEmpty || normalizer.RemoveExtraWhitespaces || !normalizer.EscapeWhitespaces || trainer.TreatWhitespaceAsSuffix)
            return $"changes text by the rule '{normalizer.Name}' or treats spaces in its own way: expected LLaMA's, which keeps text as it is";
        if (!trainer.ByteFallback || !BytePieces.All(model.Pieces.Where(piece => piece.Type == PieceType.Byte).Select(piece => piece.Piece).ToHashSet().Contains))
            return "does not spell unknown characters as bytes: expected the pieces <0x00> to <0xFF>";
        if (model.Pieces.Any(piece => piece.Piece.Length == 0 || piece.Piece.Contains(' '))) return "holds a piece that is empty or has a space in it";
        if (model.Pieces.CountBy(piece => piece.Piece).FirstOrDefault(count => count.Value > 1) is { Key: { } twice }) return $"holds the piece {twice} twice";
        if (model.Pieces.All(piece => piece.Type != PieceType.Normal)) return "holds no ordinary pieces";
        return null;
    }
}
