using System.Runtime.InteropServices;
using System.Text;

namespace M3.Adaptive.Model.Tokenizer;

/// <summary>Trains a tokenizer with SentencePiece's own trainer.</summary>
public static class SentencePieceTrainer
{
    /// <summary>
    /// LLaMA's conventions: byte-pair encoding with byte fallback, digits apart, text and its spaces kept as they are,
    /// ids 0 <c>&lt;unk&gt;</c>, 1 <c>&lt;s&gt;</c>, 2 <c>&lt;/s&gt;</c>, then the bytes.
    /// </summary>
    public static Dictionary<string, string> LlamaOptions(int vocabularySize) => new()
    {
        ["model_type"] = "bpe",
        ["vocab_size"] = vocabularySize.ToString(),
        ["byte_fallback"] = "true",
        ["split_digits"] = "true",
        ["normalization_rule_name"] = "identity",
        ["remove_extra_whitespaces"] = "false",
        ["add_dummy_prefix"] = "true",
        ["character_coverage"] = "1.0",
        ["unk_id"] = "0",
        ["bos_id"] = "1",
        ["eos_id"] = "2",
        ["pad_id"] = "-1",
        ["num_threads"] = "1",
        ["minloglevel"] = "2",
    };

    /// <summary>Trains on sentences and returns the bytes of a <c>tokenizer.model</c>.</summary>
    /// <param name="options">SentencePiece's own flags by name; <see cref="LlamaOptions"/> is the usual start.</param>
    /// <param name="sentences">The training text; held in memory as UTF-8 while training.</param>
    /// <exception cref="TokenizerException">The trainer refuses an option, or the text is too small for the vocabulary.</exception>
    public static byte[] Train(IReadOnlyDictionary<string, string> options, IEnumerable<string> sentences)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(sentences);
        using var text = new MemoryStream();
        var ends = new List<long>();
        foreach (var sentence in sentences)
        {
            text.Write(Encoding.UTF8.GetBytes(sentence));
            ends.Add(text.Length);
        }

        var status = NativeMethods.m3sp_train(
            [.. options.Keys], [.. options.Values], options.Count, text.GetBuffer(), CollectionsMarshal.AsSpan(ends), ends.Count,
            out var bytes, out var size);
        NativeMethods.Check(status, "Training a tokenizer failed");
        try
        {
            var model = new byte[size];
            Marshal.Copy(bytes, model, 0, model.Length);
            return model;
        }
        finally
        {
            NativeMethods.m3sp_free(bytes);
        }
    }
}
