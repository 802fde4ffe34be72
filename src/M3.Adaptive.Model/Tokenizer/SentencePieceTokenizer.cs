using System.Buffers;
using System.Collections.Frozen;
using System.Runtime.InteropServices;
using System.Text;
using Google.Protobuf;
using Microsoft.ML.Tokenizers;
using Library = Microsoft.ML.Tokenizers.SentencePieceTokenizer;
using Piece = M3.Adaptive.Model.Tokenizer.ModelProto.Types.SentencePiece;
using PieceType = M3.Adaptive.Model.Tokenizer.ModelProto.Types.SentencePiece.Types.Type;
using Segmenter = Microsoft.ML.Tokenizers.Tokenizer;

namespace M3.Adaptive.Model.Tokenizer;

/// <summary>
/// A <c>tokenizer.model</c> with LLaMA's conventions: byte-pair encoding, or the likeliest pieces of a unigram model, of the text as it is, with a
/// space before it and bytes for what has no piece. Gives the ids and the texts that SentencePiece itself gives. Text typed by a user never becomes a
/// control piece: <c>&lt;/s&gt;</c> in a question is ordinary characters. Safe for concurrent use: it never changes but for
/// the library's cache of short merged stretches, which is locked and bounded.
/// </summary>
/// <remarks>
/// The merges are <see cref="BpeTokenizer"/>'s. The same library's reader of SentencePiece models is not used: it spells out
/// user-defined pieces, drops those before the bytes when it decodes, can merge typed text to a control piece, and where
/// equal merges overlap ("aaa") it takes the last one first, SentencePiece the first. Of unigram models it finds the likeliest pieces as
/// SentencePiece does, so it is asked for those; but not for bytes, whose ids it gets wrong, nor for texts.
/// </remarks>
public sealed class SentencePieceTokenizer
{
    private const char Space = '\u2581';

    private readonly Piece[] _pieces;
    private readonly byte[][] _spellings;
    private readonly string _prefix;
    private readonly Segmenter _segmenter;       // of stretches that hold neither words nor characters without a piece
    private readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _ordinary;
    private readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _words;
    private readonly int[] _wordLengths;
    private readonly int[] _bytes;

    private SentencePieceTokenizer(ModelProto model, string name)
    {
        _pieces = [.. model.Pieces];
        _spellings = [.. _pieces.Select(piece => Spelling(piece, model.TrainerSpec.UnkSurface))];
        _prefix = model.NormalizerSpec.AddDummyPrefix ? "\u2581" : "";
        var ordinary = Ids(PieceType.Normal);
        var words = Ids(PieceType.UserDefined);
        _segmenter = model.TrainerSpec.ModelType == TrainerSpec.Types.ModelType.Unigram ? Unigram(model) : BpeTokenizer.Create(new BpeOptions(ordinary) { Merges = Merges(ordinary) });
        _ordinary = ordinary.GetAlternateLookup<ReadOnlySpan<char>>();
        _words = words.GetAlternateLookup<ReadOnlySpan<char>>();
        _wordLengths = [.. words.Keys.Select(word => word.Length).Distinct().OrderDescending()];
        var bytes = Ids(PieceType.Byte);
        _bytes = [.. Enumerable.Range(0, 256).Select(value => bytes[$"<0x{value:X2}>"])];
        UnknownId = IdOf("<unk>", PieceType.Unknown, name);
        BeginId = IdOf("<s>", PieceType.Control, name);
        EndId = IdOf("</s>", PieceType.Control, name);
    }

    /// <summary>Pieces in the vocabulary; ids are 0 to one less.</summary>
    public int VocabularySize => _pieces.Length;

    /// <summary>Id of <c>&lt;unk&gt;</c>, which no text gets: unknown characters are spelled as bytes.</summary>
    public int UnknownId { get; }

    /// <summary>Id of <c>&lt;s&gt;</c>, which starts every prompt.</summary>
    public int BeginId { get; }

    /// <summary>Id of <c>&lt;/s&gt;</c>, which ends every answer.</summary>
    public int EndId { get; }

    /// <summary>Reads a model file.</summary>
    /// <exception cref="TokenizerException">There is no such file, or it is no SentencePiece model with LLaMA's conventions.</exception>
    public static SentencePieceTokenizer Open(string path)
    {
        if (!File.Exists(path)) throw new TokenizerException($"{path} does not exist: a checkpoint folder needs its tokenizer.model.");
        return Load(File.ReadAllBytes(path), path);
    }

    /// <summary>Reads a model from memory; <paramref name="name"/> is what errors call it.</summary>
    /// <exception cref="TokenizerException">The bytes are no SentencePiece model with LLaMA's conventions.</exception>
    public static SentencePieceTokenizer Load(ReadOnlySpan<byte> bytes, string name) => new(SentencePieceFile.Parse(bytes, name), name);

    /// <summary>
    /// Ids of a text that starts a prompt or follows a space; no begin or end id is added. Time grows with the square of the
    /// longest stretch without words and unknown characters: milliseconds at 10,000 characters.
    /// </summary>
    public int[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length == 0 ? [] : EncodeNormalized(_prefix + text.Replace(' ', Space));
    }

    /// <summary>Ids of a text that follows a control id directly: without the space that <see cref="Encode"/> puts before it.</summary>
    public int[] EncodeContinuation(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return EncodeNormalized(text.Replace(' ', Space));
    }

    /// <summary>
    /// The text of ids: byte pieces joined to UTF-8, U+FFFD for each byte that fits none, nothing for control ids, and
    /// without the leading space that <see cref="Encode"/> adds.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">An id is not in the vocabulary.</exception>
    public string Decode(ReadOnlySpan<int> ids)
    {
        var text = new StringBuilder();
        var utf8 = new List<byte>();
        var first = _prefix.Length > 0;
        foreach (var id in ids)
        {
            CheckId(id);
            var spelling = _spellings[id].AsSpan();
            if (spelling.IsEmpty)
            {
                AppendUtf8(text, utf8);              // a control piece: no character goes on behind it
                continue;
            }

            if (first && _pieces[id] is { Type: PieceType.Normal or PieceType.UserDefined, Piece: [Space, ..] }) spelling = spelling[1..];
            first = false;
            utf8.AddRange(spelling);
        }

        AppendUtf8(text, utf8);
        return text.ToString();
    }

    /// <summary>The piece with this id as the vocabulary spells it, spaces as U+2581.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The id is not in the vocabulary.</exception>
    public string Piece(int id)
    {
        CheckId(id);
        return _pieces[id].Piece;
    }

    // SentencePiece's order: the longest user-defined piece that begins at a place is taken whole, and nothing merges across it
    // or across the bytes of an unknown character; what lies between goes through the merges, or is cut into its likeliest pieces.
    private int[] EncodeNormalized(ReadOnlySpan<char> text)
    {
        var ids = new List<int>();
        var start = 0;
        for (var i = 0; i < text.Length;)
        {
            var rest = text[i..];
            var length = WordLength(rest);
            if (length > 0)
            {
                Segment(text[start..i], ids);
                ids.Add(_words[rest[..length]]);
                start = i += length;
                continue;
            }

            Rune.DecodeFromUtf16(rest, out var character, out length);
            if (!_ordinary.ContainsKey(rest[..length]))
            {
                Segment(text[start..i], ids);
                Spell(character, ids);
                start = i + length;
            }

            i += length;
        }

        Segment(text[start..], ids);
        return [.. ids];
    }

    private int WordLength(ReadOnlySpan<char> text)
    {
        foreach (var length in _wordLengths)
        {
            if (length <= text.Length && _words.ContainsKey(text[..length])) return length;
        }

        return 0;
    }

    private void Segment(ReadOnlySpan<char> text, List<int> ids) =>
        ids.AddRange(_segmenter.EncodeToIds(text, considerPreTokenization: false, considerNormalization: false));

    private void Spell(Rune character, List<int> ids)
    {
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var value in utf8[..character.EncodeToUtf8(utf8)]) ids.Add(_bytes[value]);
    }

    private static void AppendUtf8(StringBuilder text, List<byte> utf8)
    {
        for (var rest = CollectionsMarshal.AsSpan(utf8); !rest.IsEmpty;)
        {
            var sound = Rune.DecodeFromUtf8(rest, out var character, out var length) == OperationStatus.Done;
            if (sound) text.Append(character);
            else text.Append('\uFFFD', length);
            rest = rest[length..];
        }

        utf8.Clear();
    }

    // SentencePiece merges whatever two neighbours make a piece, the piece of the highest score first: every way to halve it.
    private IEnumerable<string> Merges(FrozenDictionary<string, int> ordinary) =>
        from piece in ordinary.OrderByDescending(piece => _pieces[piece.Value].Score).Select(piece => piece.Key)
        from cut in Enumerable.Range(1, piece.Length - 1)
        where ordinary.ContainsKey(piece[..cut]) && ordinary.ContainsKey(piece[cut..])
        select $"{piece[..cut]} {piece[cut..]}";

    private static Library Unigram(ModelProto model) =>
        Library.Create(new MemoryStream(model.ToByteArray()), addBeginningOfSentence: false, addEndOfSentence: false);

    private FrozenDictionary<string, int> Ids(PieceType type) =>
        _pieces.Index().Where(piece => piece.Item.Type == type).ToFrozenDictionary(piece => piece.Item.Piece, piece => piece.Index);

    private int IdOf(string piece, PieceType type, string name) =>
        Ids(type).TryGetValue(piece, out var id) ? id : throw new TokenizerException($"{name} lacks the piece {piece}.");

    private static byte[] Spelling(Piece piece, string unknown) => piece.Type switch
    {
        PieceType.Control => [],
        PieceType.Unknown => Encoding.UTF8.GetBytes(unknown),
        PieceType.Byte => [Convert.ToByte(piece.Piece[3..5], 16)],
        _ => Encoding.UTF8.GetBytes(piece.Piece.Replace(Space, ' ')),
    };

    private void CheckId(int id)
    {
        if ((uint)id >= (uint)VocabularySize)
            throw new ArgumentOutOfRangeException(nameof(id), id, $"The vocabulary holds ids 0 to {VocabularySize - 1}.");
    }
}
