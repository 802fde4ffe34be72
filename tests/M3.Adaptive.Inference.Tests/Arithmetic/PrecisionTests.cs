using M3.Adaptive.Core;
using M3.Adaptive.Inference.Arithmetic;
using M3.Adaptive.Inference.Kernels;
using M3.Adaptive.Inference.Tests.Engine;
using M3.Adaptive.Model;
using M3.Adaptive.Model.Network;
using M3.Adaptive.TestKit;
using TorchSharp;
using Xunit;

namespace M3.Adaptive.Inference.Tests.Arithmetic;

/// <summary>The shipped model's answers by narrower weights beside those of the plain path, token by token; <c>./m3 bench precision</c> does so over 500 questions.</summary>
[Collection(nameof(TensorLeakTests))]
public sealed class PrecisionTests
{
    private const int Tokens = 4;                                                 // of each answer
    private static readonly string Nano = Path.Combine(RepositoryRoot.Path, "models", "m3-nano");

    /// <summary>The tolerance is for each token's log-probability.</summary>
    [Theory]
    [InlineData(false, 0.05)]
    [InlineData(true, 0.15)]
    public void Run_NarrowWeights_GiveThePlainPathsAnswers(bool int8, double tolerance)
    {
        using var plain = LoadedModel.Open(Nano);
        using var narrow = LoadedModel.Open(Nano, WeightStorage.BFloat16);
        using var reference = new PlainArithmetic(plain.Model);
        var pool = new WorkerPool(2);
        using var arithmetic = new BatchedArithmetic(
            narrow.Model, pool, new Passes(narrow.Model.Language, narrow.Config.Language, pool, int8, KernelSet.Width), PrefillTable.Always(Products.BFloat16),
            Products.Kernels, new Encoder(narrow.Model, torch.ScalarType.BFloat16));
        var width = plain.Config.Language.HiddenSize;
        var requests = Requests(plain, reference);
        for (var token = 0; token < Tokens; token++)
        {
            requests = [.. requests.Zip(reference.Run(width, requests), static (request, logits) => request with { Forced = [.. request.Forced, Best(logits[^1])] })];
        }

        var expected = reference.Run(width, requests);
        var found = arithmetic.Run(width, Requests(narrow, arithmetic).Zip(requests, static (mine, given) => mine with { Forced = given.Forced }).ToArray());

        foreach (var (request, exact, near) in requests.Zip(expected, found))
        {
            for (var token = 0; token < Tokens; token++)
            {
                Assert.Equal(request.Forced[token], Best(near[token]));
                Assert.Equal(
                    RandomBatches.LogProbability(exact[token], request.Forced[token]), RandomBatches.LogProbability(near[token], request.Forced[token]), tolerance);
            }
        }
    }

    private static RandomRequest[] Requests(LoadedModel loaded, IArithmetic arithmetic)
    {
        using var scope = torch.NewDisposeScope();
        using var features = arithmetic.Encode([loaded.ReadPixels(File.ReadAllBytes(Path.Combine(Nano, "samples", "receipt.png")))]).Finish();
        return [.. from scale in VisualScale.All
                   where scale.Tokens >= 9
                   from question in new[] { "what is the total", "price of the flour", "how many apples" }
                   select new RandomRequest(
                       TokenPooling.Reduce(features, scale).reshape(-1).data<float>().ToArray(), [.. loaded.Prompt.Prefix.Span, .. loaded.Prompt.Suffix(question)], [])];
    }

    private static int Best(float[] logits) => logits.Index().MaxBy(static logit => logit.Item).Index;
}
