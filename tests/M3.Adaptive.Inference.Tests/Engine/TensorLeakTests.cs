using M3.Adaptive.Core;
using M3.Adaptive.Model.Network;
using M3.Adaptive.TestKit.Time;
using TorchSharp;
using Xunit;

namespace M3.Adaptive.Inference.Tests.Engine;

/// <summary>Runs alone: it counts every live tensor of the process.</summary>
[CollectionDefinition(nameof(TensorLeakTests), DisableParallelization = true)]
[Collection(nameof(TensorLeakTests))]
public sealed class TensorLeakTests
{
    [Fact]
    public async Task Dispose_AThousandStepsLater_NoTensorIsLeft()
    {
        var unused = await TensorsLeft(steps: 0);

        Assert.Equal(unused, await TensorsLeft(steps: 1000));
        Assert.Equal(TensorsCountedForEver, unused);
    }

    /// <summary>
    /// A <see cref="TorchSharp.Modules.Parameter"/> takes over the memory of the tensor that it is made from, and TorchSharp 0.107 goes on counting that
    /// emptied tensor: one for each weight that a module makes, but for the embeddings, which are made without. No memory belongs to it.
    /// </summary>
    private static int TensorsCountedForEver
    {
        get
        {
            using var model = new M3Model(TinyModel.Config);
            return model.parameters().Count() - model.named_parameters().Count(static pair => pair.name.Contains("embed_tokens", StringComparison.Ordinal)
                || pair.name.Contains("position_embedding", StringComparison.Ordinal));
        }
    }

    /// <summary>Live tensors after a generator was made, used and disposed, over those before.</summary>
    private static async Task<long> TensorsLeft(int steps)
    {
        var before = LiveTensors();
        var generator = TinyModel.Generator(new() { Threads = 1, VisionCacheImages = 3 });
        for (var (round, step) = (0, 0); step < steps; round++)
        {
            using var image = await generator.EncodeAsync(TinyModel.Picture(round % 5), CancellationToken.None);
            var decoding = new DecodingOptions { MaxNewTokens = 60, Temperature = 2, Seed = round };
            await foreach (var token in generator.GenerateAsync(new(image, "what?", VisualScale.All[round % 5], decoding), CancellationToken.None))
            {
                if (++step % 90 == 0) break;                                      // some leave early
            }

            await generator.AnswerAllAsync(image, ["what?", "where?"], [VisualScale.All[round % 5]], decoding with { MaxNewTokens = 2 }, CancellationToken.None);
        }

        await generator.CheckIntegrityAsync(CancellationToken.None).Soon();
        generator.Dispose();
        return LiveTensors() - before;
    }

    // Without those that were left to the collector, by earlier tests among others.
    private static long LiveTensors()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return torch.Tensor.TotalCount;
    }
}
