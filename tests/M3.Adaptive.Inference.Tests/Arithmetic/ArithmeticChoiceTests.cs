using M3.Adaptive.Core;
using M3.Adaptive.Inference.Arithmetic;
using M3.Adaptive.Inference.Tests.Engine;
using M3.Adaptive.Model;
using M3.Adaptive.Model.Network;
using M3.Adaptive.TestKit;
using TorchSharp;
using Xunit;

namespace M3.Adaptive.Inference.Tests.Arithmetic;

[Collection(nameof(TensorLeakTests))]
public sealed class ArithmeticChoiceTests
{
    private static readonly string Nano = Path.Combine(RepositoryRoot.Path, "models", "m3-nano");

    [Theory]
    [InlineData(WeightChoice.Plain, WeightStorage.Float32)]
    [InlineData(WeightChoice.F32, WeightStorage.Float32)]
    [InlineData(WeightChoice.BF16, WeightStorage.BFloat16)]
    [InlineData(WeightChoice.Int8, WeightStorage.BFloat16)]
    [InlineData(WeightChoice.Auto, WeightStorage.AsStored)]
    public void Storage_OfEachChoice_IsWhatItComputesWith(WeightChoice choice, WeightStorage expected) =>
        Assert.Equal(expected, ArithmeticChoice.Storage(choice));

    [Fact]
    public void Make_WeightsOfAnotherType_IsRefused()
    {
        using var loaded = TinyModel.Load();

        Assert.Throws<ArgumentException>(() => ArithmeticChoice.Make(loaded.Model, WeightChoice.BF16, 2, TimeProvider.System));
    }

    [Theory]
    [InlineData(WeightChoice.Plain)]
    [InlineData(WeightChoice.Auto)]
    [InlineData(WeightChoice.F32)]
    public void Make_AThousandStepsLater_NoTensorIsLeft(WeightChoice choice)
    {
        using var loaded = TinyModel.Load();
        var before = LiveTensors();
        using (var arithmetic = ArithmeticChoice.Make(loaded.Model, choice, 2, TimeProvider.System))
        {
            var logits = new float[arithmetic.Vocabulary];
            for (var round = 0; round < 10; round++)
            {
                using var sequence = arithmetic.NewSequence(200);
                using var fork = arithmetic.Fork(sequence, 0, 200);
                arithmetic.Prefill([new(sequence, null, new int[100], logits), new(fork, null, new int[3], logits)]);
                for (var step = 0; step < 50; step++) arithmetic.Decode([new(sequence, 1, logits), new(fork, 2, logits)]);
            }
        }

        Assert.Equal(before, LiveTensors());
    }

    // Without those that other tests left to the finalizer.
    private static long LiveTensors()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return torch.Tensor.TotalCount;
    }

    /// <summary>
    /// Kernels promise a row the same bits whatever its batch. Libtorch's products do so in bfloat16 where the processor has it; elsewhere their last
    /// bits may differ, which a hundredth of a logit allows for.
    /// </summary>
    [Fact]
    public void Make_TheShippedModel_AnswersDoNotDependOnTheBatch()
    {
        using var loaded = LoadedModel.Open(Nano, ArithmeticChoice.Storage(WeightChoice.Auto));
        using var arithmetic = ArithmeticChoice.Make(loaded.Model, WeightChoice.Auto, 2, TimeProvider.System);
        using var features = arithmetic.Encode([loaded.ReadPixels(File.ReadAllBytes(Path.Combine(Nano, "samples", "receipt.png")))]).Finish();
        using var scope = torch.NewDisposeScope();
        var random = new Random(5);
        RandomRequest[] requests = [.. from scale in VisualScale.All
                                       from question in new[] { "what is the total", "price of the flour", "how many apples" }
                                       select new RandomRequest(
                                           TokenPooling.Reduce(features, scale).reshape(-1).data<float>().ToArray(),
                                           [.. loaded.Prompt.Prefix.Span, .. loaded.Prompt.Suffix(question)],
                                           [random.Next(arithmetic.Vocabulary), random.Next(arithmetic.Vocabulary)])];
        var width = loaded.Config.Language.HiddenSize;

        var together = arithmetic.Run(width, requests);

        foreach (var (request, logits) in requests.Zip(together))
        {
            foreach (var (alone, beside) in arithmetic.Run(width, [request])[0].Zip(logits))
            {
                Assert.Equal(alone.Index().MaxBy(static logit => logit.Item).Index, beside.Index().MaxBy(static logit => logit.Item).Index);
                Assert.InRange(alone.Zip(beside).Max(static pair => Math.Abs(pair.First - pair.Second)), 0, 0.01f);
            }
        }
    }
}
