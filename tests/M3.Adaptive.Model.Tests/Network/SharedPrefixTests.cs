using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace M3.Adaptive.Model.Tests.Network;

public sealed class SharedPrefixTests
{
    private const int Prefix = 5, Rest = 7, Batch = 3;

    private static readonly LanguageConfig Config = new()
    {
        HiddenSize = 32,
        IntermediateSize = 48,
        LayerCount = 3,
        HeadCount = 4,
        KeyValueHeadCount = 2,
        VocabularySize = 16,
        MaxPositions = 64,
        RmsNormEps = 1e-5f,
        TieWordEmbeddings = true,
    };

    [Fact]
    public void Forward_PrefixOnce_GivesWhatTheWholeSequencesWould()
    {
        using var scope = NewDisposeScope();
        var model = Model();
        var (prefix, rest) = (randn(1, Prefix, Config.HiddenSize), randn(Batch, Rest, Config.HiddenSize));

        var whole = model.Forward(cat([prefix.expand(Batch, -1, -1), rest], 1), Positions(0, Prefix + Rest), null, null).narrow(1, Prefix, Rest);

        Assert.InRange((Shared(model, prefix, rest) - whole).abs().max().ToSingle(), 0, 1e-5f);
    }

    [Fact]
    public void Backward_PrefixOnce_GivesThePrefixEverySequencesGradient()
    {
        using var scope = NewDisposeScope();
        var model = Model();
        var (rest, wish) = (randn(Batch, Rest, Config.HiddenSize), randn(Batch, Rest, Config.HiddenSize));
        var (once, repeated) = (randn(1, Prefix, Config.HiddenSize), zeros(1, Prefix, Config.HiddenSize));
        repeated.copy_(once);
        once.requires_grad = true;
        repeated.requires_grad = true;

        (Shared(model, once, rest) * wish).sum().backward();
        var whole = model.Forward(cat([repeated.expand(Batch, -1, -1), rest], 1), Positions(0, Prefix + Rest), null, null);
        (whole.narrow(1, Prefix, Rest) * wish).sum().backward();

        var expected = repeated.grad!;      // set by backward
        Assert.True(expected.abs().max().ToSingle() > 1e-3f);
        Assert.InRange((once.grad! - expected).abs().max().ToSingle(), 0, 1e-3f * expected.abs().max().ToSingle());
    }

    private static LanguageModel Model()
    {
        torch.manual_seed(11);
        return new LanguageModel(Config);
    }

    private static Tensor Shared(LanguageModel model, Tensor prefix, Tensor rest)
    {
        var shared = new SharedPrefix(Config.LayerCount);
        model.Forward(prefix, Positions(0, Prefix), null, shared);
        return model.Forward(rest, Positions(Prefix, Rest), null, shared);
    }

    private static Tensor Positions(int first, int count) => arange(first, first + count, 1, ScalarType.Int64).unsqueeze(0);
}
