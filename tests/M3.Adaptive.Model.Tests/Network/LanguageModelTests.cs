using M3.Adaptive.Model.Network;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace M3.Adaptive.Model.Tests.Network;

public class LanguageModelTests
{
    private static readonly LanguageConfig Shape = new()
    {
        HiddenSize = 32,
        IntermediateSize = 64,
        LayerCount = 3,
        HeadCount = 4,
        KeyValueHeadCount = 2,
        VocabularySize = 16,
        MaxPositions = 1024,
    };

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 256)]
    [InlineData(35, 257)]
    [InlineData(35, 601)]                                                         // text behind 576 visual tokens: three parts
    public void Forward_IntoACache_GivesWhatOnePassOverAllDoes(int before, int added)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        random.manual_seed(7);
        var model = new LanguageModel(Shape);
        var embeddings = randn(2, before + added, Shape.HiddenSize);
        using var cache = new KvCache(Shape, before + added, batch: 2);

        if (before > 0) Pass(0, before);
        var parts = Pass(before, added);
        var whole = model.Forward(embeddings, Positions(0, before + added), null, null).narrow(1, before, added);

        Assert.Equal(before + added, cache.Length);
        Assert.InRange((parts - whole).abs().max().ToSingle(), 0, 1e-5f);

        Tensor Pass(int at, int count) => model.Forward(embeddings.narrow(1, at, count), Positions(at, count), null, cache);
    }

    private static Tensor Positions(int at, int count) => arange(at, at + count, ScalarType.Int64).unsqueeze(0);
}
