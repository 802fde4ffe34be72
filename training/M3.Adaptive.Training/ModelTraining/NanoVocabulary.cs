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
/// The tokenizer of m3-nano, with LLaMA's conventions and without a single merge: words of the template, of questions and of
/// names are one piece each; everything else, above all what is read from pictures, is spelled character by character.
/// </summary>
internal static partial class NanoVocabulary
{
    // A piece shorter than this would begin too many words that must be spelled.
    private const int ShortestWord = 3;

    /// <summary>The vocabulary for what training asks: the words of its wordings, of what these are about and of answers that are names.</summary>
    /// <returns>The bytes of <c>tokenizer.model</c>.</returns>
    public static byte[] Of()
    {
        Subject[] subjects = [.. DataLists.Concepts.Select(concept => concept.Name).Concat(Places.Names).Concat(Palette.Names).Concat(["highest", "lowest", "longest", "shortest", "bar"]).Select(name => new Subject(name))];
        var forms = Wordings.OfFamily.Values.SelectMany(wordings => wordings).SelectMany(wording => wording.Forms).Where(form => !form.HeldOut).Select(form => Place().Replace(form.Text, ""));
        string[] recitals = [.. Wordings.List, .. Wordings.PlacesOfAll, .. Wordings.CountsOfAll, .. Wordings.PricesOfAll, .. Wordings.ItemsOfAll, .. Wordings.ValuesOfAll];
        return Build(
            [.. forms, .. recitals, .. subjects.SelectMany(subject => subject.Forms).Select(name => $"the {name}")],
            [.. subjects.Select(subject => subject.Name), "large", "sign", "text", "yes", "no", Question.NotThere],
            [.. DataLists.Words, .. DataLists.Items]);
    }

    /// <param name="questions">Generated questions.</param>
    /// <param name="answers">Answers that are names, not read from the picture.</param>
    /// <param name="spelled">Every word and number that appears in a picture, of any split: no piece may begin one of them.</param>
    /// <returns>The bytes of <c>tokenizer.model</c>, the same as SentencePiece's own trainer gives for these pieces and sentences.</returns>
    public static byte[] Build(IReadOnlyCollection<string> questions, IReadOnlyCollection<string> answers, IReadOnlyCollection<string> spelled)
    {
        string[] corpus = [VicunaPrompt.System, "USER: ASSISTANT:", .. questions, .. answers];
        var words = corpus.SelectMany(sentence => Word().Matches(sentence).Select(match => match.Value)).Distinct()
            .Where(word => word.Length >= ShortestWord && !spelled.Any(text => text.StartsWith(word, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal);

        // A question follows a line break, not a space: its first word needs a piece of its own, where that is in no spelled word.
        var openings = questions.Select(question => Word().Match(question).Value).Distinct()
            .Where(word => word.Length >= ShortestWord && !spelled.Any(text => text.Contains(word, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal);
        string[] pieces = [.. words.Select(word => $"\u2581{word}"), .. openings];
        return Write(pieces, MostFrequentFirst(Enumerable.Range('!', '~' - '!' + 1).Select(c => (char)c).Append('\u2581'), pieces, corpus));
    }

    /// <summary>A <c>tokenizer.model</c> of words that are taken whole, of bytes and of characters, in this order.</summary>
    internal static byte[] Write(IReadOnlyCollection<string> words, IReadOnlyCollection<char> characters)
    {
        Piece[] pieces =
        [
            new() { Piece = "<unk>", Score = 0, Type = PieceType.Unknown },
            new() { Piece = "<s>", Score = 0, Type = PieceType.Control },
            new() { Piece = "</s>", Score = 0, Type = PieceType.Control },
            .. words.Select(word => new Piece { Piece = word, Score = 0, Type = PieceType.UserDefined }),
            .. Enumerable.Range(0, 256).Select(value => new Piece { Piece = $"<0x{value:X2}>", Score = 0, Type = PieceType.Byte }),
            .. characters.Select((character, rank) => new Piece { Piece = $"{character}", Score = -(float)rank }),
        ];
        return new ModelProto
        {
            Pieces = { pieces },
            TrainerSpec = new()
            {
                ModelType = TrainerSpec.Types.ModelType.Bpe,
                VocabSize = pieces.Length,
                CharacterCoverage = 1,
                NumThreads = 1,
                SplitDigits = true,
                UserDefinedSymbols = { words },
                ByteFallback = true,
                RequiredChars = string.Concat(characters.Order()),
                UnkId = 0,
                BosId = 1,
                EosId = 2,
                PadId = -1,
            },
            NormalizerSpec = new() { Name = "identity", PrecompiledCharsmap = ByteString.Empty, AddDummyPrefix = true, RemoveExtraWhitespaces = false },
        }.ToByteArray();
    }

    // By how often a character stands outside the words, as SentencePiece's trainer orders them.
    private static char[] MostFrequentFirst(IEnumerable<char> characters, IEnumerable<string> words, IEnumerable<string> corpus)
    {
        var word = new Regex(string.Join('|', words.OrderByDescending(word => word.Length).Select(Regex.Escape)));
        var counts = corpus.SelectMany(sentence => word.Replace($" {sentence}".Replace(' ', '\u2581'), "")).CountBy(c => c).ToDictionary();
        return [.. characters.OrderByDescending(character => counts.GetValueOrDefault(character)).ThenBy(character => character)];
    }

    [GeneratedRegex(@"\{[a-z ]+\}")]
    private static partial Regex Place();

    [GeneratedRegex("[A-Za-z]+")]
    private static partial Regex Word();
}
