using M3.Adaptive.Core;
using M3.Adaptive.Inference.Engine;
using M3.Adaptive.Model;
using M3.Adaptive.Model.Imaging;
using M3.Adaptive.Model.Network;
using M3.Adaptive.Model.Tests.Imaging;
using M3.Adaptive.Model.Tokenizer;
using M3.Adaptive.TestKit.Tokenizer;
using Microsoft.Extensions.Logging.Abstractions;
using TorchSharp;

namespace M3.Adaptive.Inference.Tests;

/// <summary>Random weights in the real layout, small enough that a thousand steps take seconds; no file is needed.</summary>
internal static class TinyModel
{
    public static ModelConfig Config { get; } = new()
    {
        Vision = new() { HiddenSize = 8, IntermediateSize = 16, LayerCount = 2, HeadCount = 2, ImageSize = 48, PatchSize = 2 },
        Language = new()
        {
            HiddenSize = 16,
            IntermediateSize = 32,
            LayerCount = 2,
            HeadCount = 4,
            KeyValueHeadCount = 2,
            VocabularySize = TinyTokenizer.VocabularySize,
            MaxPositions = 1024,
        },
        MaxLength = 1024,
    };

    public static LoadedModel Load(int seed = 1, int maxLength = 1024, string pooling = "avg_pooling", int[]? scales = null)
    {
        var random = new Random(seed);
        var model = new M3Model(Config with { MaxLength = maxLength, Pooling = pooling, Scales = scales ?? Config.Scales });
        using (torch.no_grad())
        using (torch.NewDisposeScope())
        {
            // Wide enough that logits differ by more than rounding, and that the picture matters.
            // Not by torch's own generator: it is the process's, and tests run side by side.
            foreach (var (_, weight) in model.Weights()) weight.copy_(torch.tensor(Draw(random, weight.numel()), weight.shape));
        }

        return new LoadedModel(
            new ModelIdentity("tiny", new string((char)('a' + seed), 64)), model, SentencePieceTokenizer.Load(TinyTokenizer.Model, "tiny"),
            Preprocessor.FromConfig(new PreprocessorConfig { Size = Config.Vision.ImageSize }));
    }

    public static M3Generator Generator(InferenceOptions? options = null, int maxLength = 1024, string pooling = "avg_pooling", int[]? scales = null) =>
        new(Load(maxLength: maxLength, pooling: pooling, scales: scales), options ?? new() { Threads = 1 }, TimeProvider.System, NullLogger<M3Generator>.Instance);

    private static float[] Draw(Random random, long count) => [.. Enumerable.Range(0, (int)count).Select(_ => random.NextSingle() - 0.5f)];

    /// <summary>A picture of its own for every seed.</summary>
    public static byte[] Picture(int seed = 1)
    {
        var pixels = new byte[48 * 48 * 3];
        new Random(seed).NextBytes(pixels);
        return PictureWriter.Png(48, 48, depth: 8, colourType: 2, pixels);
    }
}
