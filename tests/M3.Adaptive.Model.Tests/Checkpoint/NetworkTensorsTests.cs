using M3.Adaptive.Model.Checkpoint;
using M3.Adaptive.Model.Imaging;
using M3.Adaptive.Model.Network;
using Xunit;

namespace M3.Adaptive.Model.Tests.Checkpoint;

/// <summary>The list of tensors and the network itself must not drift apart.</summary>
public sealed class NetworkTensorsTests : IDisposable
{
    private readonly TemporaryFolder _temp = new();

    public static TheoryData<string> Shapes => ["clip", "stem", "tied"];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Of_Config_ListsTheNetworksParameters(string shape)
    {
        var config = Config(shape);
        using var network = new M3Model(config);

        var listed = ModelTensors.Of(config).Select(tensor => $"{tensor.Name} [{string.Join(", ", tensor.Shape)}]").Order();

        Assert.Equal(network.Weights().Select(weight => $"{weight.Key} [{string.Join(", ", weight.Parameter.shape)}]").Order(), listed);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void SaveLoad_Network_ComesBack(string shape)
    {
        var config = Config(shape);
        var folder = _temp.Combine(shape);
        TinyCheckpoint.Write(folder, config: config);
        using var network = new M3Model(config);
        using (var opened = CheckpointFolder.Open(folder)) ModuleParameters.Load(opened, network.Weights());
        var copy = _temp.Combine(shape + "-copy");

        CheckpointWriter.Save(
            copy, config, PreprocessorConfig.Clip336 with { Size = config.Vision.ImageSize }, File.ReadAllBytes(Path.Combine(folder, "tokenizer.model")),
            ModuleParameters.Of(network.Weights()), TensorType.Float32);

        Assert.Equal(CheckpointSummary.Of(folder).Hash, CheckpointSummary.Of(copy).Hash);
        Assert.Equal(File.ReadAllBytes(Path.Combine(folder, "model.safetensors")), File.ReadAllBytes(Path.Combine(copy, "model.safetensors")));
    }

    public void Dispose() => _temp.Dispose();

    internal static ModelConfig Config(string shape) => shape switch
    {
        "tied" => TinyCheckpoint.Config with { Language = TinyCheckpoint.Config.Language with { TieWordEmbeddings = true } },
        "stem" => TinyCheckpoint.Config with
        {
            Vision = TinyCheckpoint.Config.Vision with
            {
                ImageSize = 288,
                PatchSize = 12,
                PatchEmbedding = PatchEmbedding.ConvolutionalStem,
                StemChannels = [4, 6, 8],
                FinalLayerNorm = true,
                FeaturePositions = true,
            },
            VisionFeatureLayer = -1,
        },
        _ => TinyCheckpoint.Config,
    };
}
