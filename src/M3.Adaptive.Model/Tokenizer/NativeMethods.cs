using System.Runtime.InteropServices;

namespace M3.Adaptive.Model.Tokenizer;

/// <summary>The flat C ABI of <c>native/m3sentencepiece.h</c>, and its failures as exceptions.</summary>
internal static partial class NativeMethods
{
    private const string Library = "m3sentencepiece";

    /// <summary>Sizes and control ids; same layout as <c>m3sp_vocabulary</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal readonly struct Vocabulary
    {
        public readonly int Pieces;
        public readonly int Unknown;
        public readonly int Begin;
        public readonly int End;
    }

    /// <summary>Throws the failure behind a status; call at once, on the thread that got it.</summary>
    public static void Check(int status, string doing)
    {
        if (status == 0) return;
        throw new TokenizerException($"{doing}: {Marshal.PtrToStringUTF8(m3sp_last_error())}");
    }

    [LibraryImport(Library)]
    private static partial nint m3sp_last_error();

    [LibraryImport(Library)]
    internal static partial int m3sp_open(ReadOnlySpan<byte> bytes, long size, out nint model, out Vocabulary vocabulary);

    [LibraryImport(Library)]
    internal static partial void m3sp_close(nint model);

    [LibraryImport(Library)]
    internal static partial int m3sp_encode(ModelHandle model, ReadOnlySpan<byte> text, long size, Span<int> ids, long capacity, out long count);

    [LibraryImport(Library)]
    internal static partial int m3sp_decode(ModelHandle model, ReadOnlySpan<int> ids, long size, Span<byte> text, long capacity, out long count);

    [LibraryImport(Library)]
    internal static partial int m3sp_piece(ModelHandle model, int id, Span<byte> piece, long capacity, out long count);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int m3sp_train(
        string[] keys, string[] values, int options, ReadOnlySpan<byte> sentences, ReadOnlySpan<long> ends, long sentenceCount,
        out nint bytes, out long size);

    [LibraryImport(Library)]
    internal static partial void m3sp_free(nint bytes);
}

/// <summary>Owns one loaded SentencePiece model.</summary>
internal sealed class ModelHandle : SafeHandle
{
    public ModelHandle(nint model) : base(invalidHandleValue: 0, ownsHandle: true) => SetHandle(model);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        NativeMethods.m3sp_close(handle);
        return true;
    }
}
