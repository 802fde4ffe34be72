namespace M3.Adaptive.TestKit.Tokenizer;

/// <summary>
/// A small tokenizer with LLaMA's conventions and 40 merges, for tests that need one but not a whole model's. Made once from the
/// sentences of <c>tiny.txt</c> by <c>spm_train --input=tiny.txt --model_prefix=tiny --model_type=bpe --vocab_size=340
/// --byte_fallback --split_digits --normalization_rule_name=identity --remove_extra_whitespaces=false --character_coverage=1
/// --num_threads=1</c> of Debian's package sentencepiece, 0.1.97.
/// </summary>
public static class TinyTokenizer
{
    /// <summary>Pieces in the vocabulary.</summary>
    public const int VocabularySize = 340;

    /// <summary>The bytes of the <c>tokenizer.model</c>.</summary>
    public static byte[] Model { get; } = Read();

    private static byte[] Read()
    {
        using var stream = typeof(TinyTokenizer).Assembly.GetManifestResourceStream("tiny.model")!;   // embedded by the project file
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
