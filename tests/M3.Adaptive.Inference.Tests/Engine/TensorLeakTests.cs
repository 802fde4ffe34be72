using M3.Adaptive.Core;
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
        var before = torch.Tensor.TotalCount;
        var generator = TinyModel.Generator(new() { Threads = 1, VisionCacheImages = 3 });
        var steps = 0;
        for (var round = 0; steps < 1000; round++)
        {
            using var image = await generator.EncodeAsync(TinyModel.Picture(round % 5), CancellationToken.None);
            var decoding = new DecodingOptions { MaxNewTokens = 60, Temperature = 2, Seed = round };
            await foreach (var token in generator.GenerateAsync(new(image, "what?", VisualScale.All[round % 5], decoding), CancellationToken.None))
            {
                if (++steps % 90 == 0) break;                                     // some leave early
            }

            await generator.AnswerAllAsync(image, ["what?", "where?"], VisualScale.All[round % 5], decoding with { MaxNewTokens = 2 }, CancellationToken.None);
        }

        await generator.CheckIntegrityAsync(CancellationToken.None).Soon();
        generator.Dispose();

        Assert.Equal(before, torch.Tensor.TotalCount);
    }
}
