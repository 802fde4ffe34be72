using M3.Adaptive.Model.Tokenizer;

namespace M3.Adaptive.Model.Tests.Tokenizer;

/// <summary>A small tokenizer with LLaMA's conventions, trained here on a few lines, so that no file is needed.</summary>
public sealed class TinyTokenizer : IDisposable
{
    public static readonly string[] Sentences =
    [
        "A chat between a curious user and an assistant.", "What colour is the circle? The circle is red.", "USER: ASSISTANT:",
        "Where is the dog? top left", "How many apples are there? 12", "The price is 3.50", "  two  spaces  stay  ",
    ];

    public byte[] Model { get; } = SentencePieceTrainer.Train(SentencePieceTrainer.LlamaOptions(340), Sentences);

    public SentencePieceTokenizer Tokenizer => field ??= SentencePieceTokenizer.Load(Model, "tiny");

    public void Dispose() => Tokenizer.Dispose();
}
