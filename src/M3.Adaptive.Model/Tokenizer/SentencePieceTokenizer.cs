using System.Text;

namespace M3.Adaptive.Model.Tokenizer;

/// <summary>
/// A <c>tokenizer.model</c>, read and run by SentencePiece's own library. Text typed by a user never becomes a control piece:
/// <c>&lt;/s&gt;</c> in a question is ordinary characters. Safe for concurrent use; owns native memory until disposed.
/// </summary>
public sealed class SentencePieceTokenizer : IDisposable
{
    private readonly ModelHandle _model;
    private readonly int[] _newline;

    private SentencePieceTokenizer(ModelHandle model, NativeMethods.Vocabulary vocabulary)
    {
        _model = model;
        VocabularySize = vocabulary.Pieces;
        UnknownId = vocabulary.Unknown;
        BeginId = vocabulary.Begin;
        EndId = vocabulary.End;
        _newline = Encode("\n");
    }

    /// <summary>Pieces in the vocabulary; ids are 0 to one less.</summary>
    public int VocabularySize { get; }

    /// <summary>Id of <c>&lt;unk&gt;</c>.</summary>
    public int UnknownId { get; }

    /// <summary>Id of <c>&lt;s&gt;</c>, which starts every prompt.</summary>
    public int BeginId { get; }

    /// <summary>Id of <c>&lt;/s&gt;</c>, which ends every answer.</summary>
    public int EndId { get; }

    /// <summary>Reads a model file.</summary>
    /// <exception cref="TokenizerException">There is no such file, or it is no SentencePiece model with begin and end pieces.</exception>
    public static SentencePieceTokenizer Open(string path)
    {
        if (!File.Exists(path)) throw new TokenizerException($"{path} does not exist: a checkpoint folder needs its tokenizer.model.");
        return Load(File.ReadAllBytes(path), path);
    }

    /// <summary>Reads a model from memory; <paramref name="name"/> is what errors call it.</summary>
    /// <exception cref="TokenizerException">The bytes are no SentencePiece model with begin and end pieces.</exception>
    public static SentencePieceTokenizer Load(ReadOnlySpan<byte> bytes, string name)
    {
        if (bytes.IsEmpty) throw new TokenizerException($"{name} is empty.");
        NativeMethods.Check(NativeMethods.m3sp_open(bytes, bytes.Length, out var opened, out var vocabulary), $"{name} is no SentencePiece model");
        var model = new ModelHandle(opened);
        if (vocabulary.Unknown >= 0 && vocabulary.Begin >= 0 && vocabulary.End >= 0) return new SentencePieceTokenizer(model, vocabulary);
        model.Dispose();
        throw new TokenizerException($"{name} lacks one of the pieces <unk>, <s> and </s>.");
    }

    /// <summary>Ids of a text that starts a prompt or follows a space; no begin or end id is added.</summary>
    public int[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var utf8 = Encoding.UTF8.GetBytes(text);
        var ids = new int[utf8.Length + 16];
        var count = EncodeInto(utf8, ids);
        if (count > ids.Length) count = EncodeInto(utf8, ids = new int[count]);
        return ids[..count];
    }

    /// <summary>
    /// Ids of a text that follows a control id directly: without the space that <see cref="Encode"/> puts before it. The
    /// library has no such mode; but a line break before the text never merges with what follows, so it is encoded and dropped.
    /// </summary>
    /// <exception cref="TokenizerException">In this vocabulary a line break does merge with what follows.</exception>
    public int[] EncodeContinuation(string text)
    {
        var ids = Encode("\n" + text);
        if (ids.AsSpan().StartsWith(_newline)) return ids[_newline.Length..];
        throw new TokenizerException("This vocabulary merges a line break with the text behind it; later turns cannot be encoded.");
    }

    /// <summary>
    /// The text of ids: byte pieces joined to UTF-8, U+FFFD for each byte that fits none, nothing for control ids, and
    /// without the leading space that <see cref="Encode"/> adds.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">An id is not in the vocabulary.</exception>
    public string Decode(ReadOnlySpan<int> ids)
    {
        foreach (var id in ids) CheckId(id);
        var utf8 = new byte[(16 * ids.Length) + 16];
        var count = DecodeInto(ids, utf8);
        if (count > utf8.Length) count = DecodeInto(ids, utf8 = new byte[count]);
        return Encoding.UTF8.GetString(utf8.AsSpan(0, count));
    }

    /// <summary>The piece with this id as the vocabulary spells it, spaces as U+2581.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The id is not in the vocabulary.</exception>
    public string Piece(int id)
    {
        CheckId(id);
        var utf8 = new byte[64];
        var count = PieceInto(id, utf8);
        if (count > utf8.Length) count = PieceInto(id, utf8 = new byte[count]);
        return Encoding.UTF8.GetString(utf8.AsSpan(0, count));
    }

    public void Dispose() => _model.Dispose();

    private void CheckId(int id)
    {
        if ((uint)id >= (uint)VocabularySize)
            throw new ArgumentOutOfRangeException(nameof(id), id, $"The vocabulary holds ids 0 to {VocabularySize - 1}.");
    }

    private int EncodeInto(ReadOnlySpan<byte> utf8, Span<int> ids)
    {
        NativeMethods.Check(NativeMethods.m3sp_encode(_model, utf8, utf8.Length, ids, ids.Length, out var count), "Encoding a text failed");
        return checked((int)count);
    }

    private int DecodeInto(ReadOnlySpan<int> ids, Span<byte> utf8)
    {
        NativeMethods.Check(NativeMethods.m3sp_decode(_model, ids, ids.Length, utf8, utf8.Length, out var count), "Decoding ids failed");
        return checked((int)count);
    }

    private int PieceInto(int id, Span<byte> utf8)
    {
        NativeMethods.Check(NativeMethods.m3sp_piece(_model, id, utf8, utf8.Length, out var count), "Reading a piece failed");
        return checked((int)count);
    }
}
