using M3.Adaptive.Model.Network;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace M3.Adaptive.Model.Tests.Network;

public sealed class FeaturePositionsTests
{
    private const int Grid = 4, Width = 8;

    private static readonly ModelConfig Config = TinyCheckpoint.Config with
    {
        Vision = TinyCheckpoint.Config.Vision with { ImageSize = Grid * 12, PatchSize = 12, HiddenSize = Width, PatchEmbedding = PatchEmbedding.ConvolutionalStem, StemChannels = [4, 6, Width] },
        VisionFeatureLayer = -1,
    };

    [Fact]
    public void Waves_NeighbourTheSameWay_DifferInOneHalfOnly()
    {
        var waves = GridPositions.Waves(Grid, Width);

        var (here, right, below) = (At(1, 1), At(1, 2), At(2, 1));
        Assert.Equal(here[..(Width / 2)], right[..(Width / 2)]);
        Assert.NotEqual(here[(Width / 2)..], right[(Width / 2)..]);
        Assert.NotEqual(here[..(Width / 2)], below[..(Width / 2)]);
        Assert.Equal(here[(Width / 2)..], below[(Width / 2)..]);

        float[] At(int row, int column) => waves[((row * Grid + column) * Width)..((row * Grid + column + 1) * Width)];
    }

    [Fact]
    public void Waves_M3Nano_GivesEveryPatchItsOwn()
    {
        var waves = GridPositions.Waves(24, 160);

        Assert.All(waves, value => Assert.InRange(value, -1, 1));
        Assert.Equal(576, waves.Chunk(160).Select(patch => string.Join(' ', patch.Select(value => value.ToString("F3")))).Distinct().Count());
    }

    [Fact]
    public void Forward_WithPositions_AddsThemToTheFeatures()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        manual_seed(3);
        var plain = new VisionTower(Config);
        var placed = new VisionTower(Config with { Vision = Config.Vision with { FeaturePositions = true } });
        placed.load_state_dict(plain.state_dict());
        var pixels = randn(2, 3, Config.Vision.ImageSize, Config.Vision.ImageSize);

        var added = placed.call(pixels) - plain.call(pixels);

        var expected = tensor(GridPositions.Waves(Grid, Width)).reshape(1, Grid * Grid, Width).expand(2, Grid * Grid, Width);
        Assert.InRange((added - expected).abs().max().ToSingle(), 0, 1e-5f);
    }
}
