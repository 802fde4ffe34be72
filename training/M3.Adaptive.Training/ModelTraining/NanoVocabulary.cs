using System.Text.RegularExpressions;
using Google.Protobuf;
using M3.Adaptive.Model.Tokenizer;
using M3.Adaptive.Training.DataGeneration;
using M3.Adaptive.Training.DataGeneration.Asking;
using M3.Adaptive.Training.DataGeneration.Drawing;
using M3.Adaptive.Training.DataGeneration.Scenes;
using Piece = M3.Adaptive.Model.Tokenizer.ModelProto.Types.SentencePiece;
using PieceType = M3.Adaptive.Model.Tokenizer.ModelProto.Types.SentencePiece.Types.Type;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary>
/// The tokenizer of m3-nano, with LLaMA's conventions: words of the template, of questions and of names are one piece each; everything else,
/// above all the items that a question about a receipt names, is spelled character by character, capitals too.
/// </summary>
/// <remarks>
/// A unigram model, which takes the likeliest pieces: all are ordinary ones, so that every reader of SentencePiece models agrees. Byte-pair encoding reaches a word only through shorter
/// pieces, and these would also take the beginnings of all that has to be spelled. The bytes come first, as in LLaMA's file: Microsoft.ML.Tokenizers leaves out what stands before them.
/// </remarks>
internal static partial class NanoVocabulary
{
    // A piece shorter than this would begin too many words that must be spelled.
    private const int ShortestWord = 3;

    // Log-likelihoods. A word beats its characters and any shorter word with characters behind it; no two pieces are alike, so that no two readings tie.
    private const float OfWords = -1;
    private const float OfCharacters = -10;
    private const float Step = -1e-3f;

    /// <summary>The vocabulary for what training asks: the words of its wordings, of what these are about and of answers that are names.</summary>
    /// <returns>The bytes of <c>tokenizer.model</c>.</returns>
    public static byte[] Of()
    {
        Subject[] subjects =
        [
            .. DataLists.Concepts.Select(concept => concept.Name).Concat(Places.Names).Concat(Palette.Names)
                .Concat(["highest", "lowest", "longest", "shortest", "bar", "word", "number"]).Select(name => new Subject(name)),
        ];
        var forms = Wordings.OfFamily.Values.SelectMany(wordings => wordings).SelectMany(wording => wording.Forms).Where(form => !form.HeldOut).Select(form => Place().Replace(form.Text, ""));
        string[] recitals = [.. Wordings.List, .. Wordings.PlacesOfAll, .. Wordings.CountsOfAll, .. Wordings.PricesOfAll, .. Wordings.ItemsOfAll, .. Wordings.ValuesOfAll];
        return Build(
            [.. forms, .. recitals, .. Typing.Openings, .. subjects.SelectMany(subject => subject.Forms).Select(name => $"the {name}")],
            [.. subjects.Select(subject => subject.Name), "large", "sign", "text", "yes", "no", Question.NotThere],
            DataLists.Items, DataLists.Words);
    }

    /// <param name="questions">What is asked, in lower case.</param>
    /// <param name="answers">Answers that are names, not read from the picture.</param>
    /// <param name="items">What questions name and pictures spell: no word may begin one of them.</param>
    /// <param name="words">Other words that pictures show.</param>
    /// <returns>The bytes of <c>tokenizer.model</c>.</returns>
    public static byte[] Build(IReadOnlyCollection<string> questions, IReadOnlyCollection<string> answers, IReadOnlyCollection<string> items, IReadOnlyCollection<string> words)
    {
        string[] corpus = [VicunaPrompt.System, "USER: ASSISTANT:", .. questions, .. answers];
        var whole = corpus.SelectMany(sentence => Word().Matches(sentence).Select(match => match.Value)).Distinct()
            .Where(word => word.Length >= ShortestWord && !items.Any(item => item.StartsWith(word, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal);

        // A question follows a line break, not a space: its first word needs a piece of its own, where that is in no spelled word.
        var openings = questions.Select(question => Word().Match(question).Value).Distinct()
            .Where(word => word.Length >= ShortestWord && !items.Concat(words).Any(text => text.Contains(word, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal);
        return Write([.. whole.Select(word => $"\u2581{word}"), .. openings], ['\u2581', '\n', .. Enumerable.Range('!', '~' - '!' + 1).Select(character => (char)character)]);
    }

    private static byte[] Write(IEnumerable<string> words, IEnumerable<char> characters)
    {
        Piece[] pieces =
        [
            new() { Piece = "<unk>", Score = 0, Type = PieceType.Unknown },
            new() { Piece = "<s>", Score = 0, Type = PieceType.Control },
            new() { Piece = "</s>", Score = 0, Type = PieceType.Control },
            .. Enumerable.Range(0, 256).Select(value => new Piece { Piece = $"<0x{value:X2}>", Score = 0, Type = PieceType.Byte }),
            .. words.Select((word, rank) => new Piece { Piece = word, Score = OfWords + Step * rank }),
            .. characters.Select((character, rank) => new Piece { Piece = $"{character}", Score = OfCharacters + Step * rank }),
        ];
        return new ModelProto
        {
            Pieces = { pieces },
            TrainerSpec = new() { ModelType = TrainerSpec.Types.ModelType.Unigram, VocabSize = pieces.Length, ByteFallback = true, UnkId = 0, BosId = 1, EosId = 2, PadId = -1 },
            NormalizerSpec = new() { Name = "identity", PrecompiledCharsmap = ByteString.Empty, AddDummyPrefix = true, RemoveExtraWhitespaces = false },
        }.ToByteArray();
    }

    [GeneratedRegex(@"\{[a-z ]+\}")]
    private static partial Regex Place();

    [GeneratedRegex("[A-Za-z]+")]
    private static partial Regex Word();
}
