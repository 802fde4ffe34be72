using M3.Adaptive.Inference.Arithmetic;
using Xunit;

namespace M3.Adaptive.Inference.Tests.Arithmetic;

public sealed class PlainArithmeticTests
{
    [Fact]
    public void Prefill_InTwoChunks_GivesTheLogitsOfOne()
    {
        using var loaded = TinyModel.Load();
        using var arithmetic = new PlainArithmetic(loaded.Model);
        using var whole = arithmetic.NewSequence(16);
        using var parts = arithmetic.NewSequence(16);
        var (expected, actual) = (new float[2 * arithmetic.Vocabulary], new float[2 * arithmetic.Vocabulary]);

        arithmetic.Prefill([new(whole, null, new[] { 1, 5, 7, 9, 4 }, expected)]);
        arithmetic.Prefill([new(parts, null, new[] { 1, 5 }, default)]);
        arithmetic.Prefill([new(parts, null, new[] { 7, 9, 4 }, actual)]);

        Assert.Equal(5, parts.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void Decode_AFullSequenceAmongOthers_AddsNothingToAny()
    {
        using var loaded = TinyModel.Load();
        using var arithmetic = new PlainArithmetic(loaded.Model);
        using var roomy = arithmetic.NewSequence(2);
        using var full = arithmetic.NewSequence(1);
        arithmetic.Prefill([new(full, null, new[] { 1 }, default)]);
        var logits = new float[arithmetic.Vocabulary];

        Assert.Throws<InvalidOperationException>(() => arithmetic.Decode([new(roomy, 1, logits), new(full, 1, logits)]));

        Assert.Equal(0, roomy.Length);
    }
}
