using M3.Adaptive.Inference.Arithmetic;
using M3.Adaptive.Inference.Kernels;
using M3.Adaptive.Model;
using M3.Adaptive.TestKit.Golden;
using TorchSharp;
using Xunit;

namespace M3.Adaptive.Inference.Tests.Arithmetic;

public sealed class BatchedArithmeticTests
{
    private static readonly int[] VisualTokens = [0, 1, 9, 36, 144];

    /// <summary>Every way to prefill, at every vector width that this processor has.</summary>
    public static IEnumerable<object[]> Ways =>
        from width in new[] { 128, 256, 512 }
        where width <= KernelSet.Width
        from way in new[] { nameof(Products.Kernels), nameof(Products.Float32) }
        select new object[] { way, width };

    public static IEnumerable<object[]> GoldenWays =>
        from model in GoldenModel.All from way in Ways where (int)way[1] == KernelSet.Width select new[] { model.Checkpoint.Name, way[0] };

    [Theory]
    [MemberData(nameof(Ways))]
    public void RandomBatches_InFloat32_GiveThePlainPathsLogProbabilities(string way, int width)
    {
        using var loaded = TinyModel.Load();
        AssertEqualsPlain(loaded, Enum.Parse<Products>(way), width, rounds: 30);
    }

    [GoldenTheory]
    [MemberData(nameof(GoldenWays))]
    public void RandomBatches_GoldenCheckpointInFloat32_GiveThePlainPathsLogProbabilities(string checkpoint, string way)
    {
        using var loaded = LoadedModel.Open(GoldenModel.Of(checkpoint).Folder);
        AssertEqualsPlain(loaded, Enum.Parse<Products>(way), KernelSet.Width, rounds: 12);
    }

    [Theory]
    [InlineData(nameof(Products.Kernels))]
    [InlineData(nameof(Products.BFloat16))]
    [InlineData(nameof(Products.Float32))]
    public void RandomBatches_WeightsInBFloat16_StayWithinRoundingOfThePlainPath(string way)
    {
        using var loaded = TinyModel.Load();
        loaded.Model.KeepIn(torch.ScalarType.BFloat16);
        using var plain = new PlainArithmetic(loaded.Model);
        using var batched = Make(loaded, Enum.Parse<Products>(way), KernelSet.Width);

        var differences = Differences(loaded, plain, batched, 12);

        Assert.InRange(differences.Average(), 0, 0.01);                           // keys and values have 8 bits
        Assert.InRange(differences.Max(), 0, 0.1);
    }

    /// <summary>Kernels promise the same bits. Libtorch's products in bfloat16 do not: the last bits of a logit were seen to differ.</summary>
    [Theory]
    [InlineData(nameof(Products.Kernels), false, 0)]
    [InlineData(nameof(Products.Kernels), true, 0)]
    [InlineData(nameof(Products.BFloat16), true, 0.01)]
    public void Decode_WhateverTheBatch_GivesEachRowTheSame(string way, bool half, double tolerance)
    {
        using var loaded = TinyModel.Load();
        if (half) loaded.Model.KeepIn(torch.ScalarType.BFloat16);
        using var arithmetic = Make(loaded, Enum.Parse<Products>(way), KernelSet.Width);
        var random = new Random(3);
        var width = loaded.Config.Language.HiddenSize;
        for (var round = 0; round < 10; round++)
        {
            RandomRequest[] requests = [.. Draw(loaded, random, random.Next(2, 40))];

            var together = arithmetic.Run(width, requests);

            for (var i = 0; i < requests.Length; i++)
            {
                var alone = arithmetic.Run(width, [requests[i]])[0];
                Assert.Equal(alone.Length, together[i].Length);
                Assert.InRange(alone.Zip(together[i]).Max(static step => step.First.Zip(step.Second).Max(static logit => Math.Abs(logit.First - logit.Second))), 0, tolerance);
            }
        }
    }

    [Fact]
    public void RandomBatches_WeightsInInt8_StayNearThePlainPath()
    {
        using var loaded = TinyModel.Load();
        using var plain = new PlainArithmetic(loaded.Model);
        using var pool = new WorkerPool(2);
        using var passes = new Passes(loaded.Model.Language, loaded.Config.Language, pool, int8: true, KernelSet.Width);
        using var batched = new BatchedArithmetic(
            loaded.Model, pool, passes, PrefillTable.Always(Products.Float32), Products.Kernels, new Encoder(loaded.Model, torch.ScalarType.Float32));

        Assert.InRange(Differences(loaded, plain, batched, 12).Average(), 1e-5, 0.05);   // above nothing: they are rounded
    }

    [Fact]
    public void Fork_OfASequence_ContinuesAsTheSequenceDoes()
    {
        using var loaded = TinyModel.Load();
        using var arithmetic = Make(loaded, Products.Kernels, KernelSet.Width);
        using var start = arithmetic.NewSequence(20);
        float[] first = new float[arithmetic.Vocabulary], second = new float[arithmetic.Vocabulary];
        arithmetic.Prefill([new PrefillChunk(start, null, new[] { 1, 2, 3 }, default)]);
        using var fork = arithmetic.Fork(start, start.Length, 9);

        arithmetic.Decode([new DecodeRow(start, 4, first), new DecodeRow(fork, 4, second)]);

        Assert.Equal(first, second);
        Assert.Equal(arithmetic.KvBytes(9), fork.Bytes);
        Assert.Equal(fork.Cache.Slots.numel() * fork.Cache.Slots.element_size(), fork.Bytes);
    }

    [Fact]
    public void Decode_AFullSequenceAmongOthers_AddsNothingToAny()
    {
        using var loaded = TinyModel.Load();
        using var arithmetic = Make(loaded, Products.Kernels, KernelSet.Width);
        using var roomy = arithmetic.NewSequence(2);
        using var full = arithmetic.NewSequence(1);
        arithmetic.Prefill([new PrefillChunk(full, null, new[] { 1 }, default)]);
        var logits = new float[arithmetic.Vocabulary];

        Assert.Throws<InvalidOperationException>(() => arithmetic.Decode([new(roomy, 1, logits), new(full, 1, logits)]));

        Assert.Equal(0, roomy.Length);
    }

    private static void AssertEqualsPlain(LoadedModel loaded, Products way, int width, int rounds)
    {
        using var plain = new PlainArithmetic(loaded.Model);
        using var batched = Make(loaded, way, width);

        Assert.InRange(Differences(loaded, plain, batched, rounds).Max(), 0, 1e-4);
    }

    // Of the log-probabilities of given tokens, over random batches.
    private static List<double> Differences(LoadedModel loaded, IArithmetic expected, IArithmetic actual, int rounds)
    {
        var random = new Random(1);
        var width = loaded.Config.Language.HiddenSize;
        var differences = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            RandomRequest[] requests = [.. Draw(loaded, random, random.Next(1, 19))];
            foreach (var (request, (left, right)) in requests.Zip(expected.Run(width, requests).Zip(actual.Run(width, requests))))
            {
                differences.AddRange(request.Forced.Select((token, step) =>
                    Math.Abs(RandomBatches.LogProbability(left[step], token) - RandomBatches.LogProbability(right[step], token))));
            }
        }

        return differences;
    }

    private static IEnumerable<RandomRequest> Draw(LoadedModel loaded, Random random, int count)
    {
        var language = loaded.Config.Language;
        return Enumerable.Range(0, count).Select(_ => RandomRequest.Draw(random, language.HiddenSize, language.VocabularySize, VisualTokens));
    }

    private static BatchedArithmetic Make(LoadedModel loaded, Products way, int width)
    {
        var pool = new WorkerPool(2);
        var passes = new Passes(loaded.Model.Language, loaded.Config.Language, pool, int8: false, width);
        return new BatchedArithmetic(loaded.Model, pool, passes, PrefillTable.Always(way), way, new Encoder(loaded.Model, torch.ScalarType.Float32));
    }
}
