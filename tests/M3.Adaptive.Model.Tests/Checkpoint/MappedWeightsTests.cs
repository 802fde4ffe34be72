using M3.Adaptive.Model.Checkpoint;
using M3.Adaptive.Model.Network;
using TorchSharp;
using Xunit;

namespace M3.Adaptive.Model.Tests.Checkpoint;

/// <summary>Weights that stay in the file compute what weights in memory do, and go with the model.</summary>
public sealed class MappedWeightsTests : IDisposable
{
    private readonly TemporaryFolder _temp = new();

    public static TheoryData<string, TensorType> Stored => new()
    {
        { "clip", TensorType.BFloat16 }, { "clip", TensorType.Float16 }, { "stem", TensorType.BFloat16 }, { "tied", TensorType.BFloat16 },
    };

    [Theory]
    [MemberData(nameof(Stored))]
    public void Open_AsStored_ComputesWhatWeightsInMemoryDo(string shape, TensorType type)
    {
        var config = NetworkTensorsTests.Config(shape);
        var folder = _temp.Combine($"{shape}-{type}");
        TinyCheckpoint.Write(folder, type: type, config: config);
        using var copied = new M3Model(config);
        copied.KeepIn(torch.ScalarType.BFloat16);
        using (var opened = CheckpointFolder.Open(folder)) ModuleParameters.Load(opened, copied.Weights());

        using var mapped = LoadedModel.Open(folder, WeightStorage.AsStored);

        Assert.Equal(copied.Weights().Select(static weight => weight.Key), mapped.Model.Weights().Select(static weight => weight.Key));
        Assert.All(mapped.Model.Weights(), static weight => Assert.Equal(torch.ScalarType.BFloat16, weight.Parameter.dtype));
        Assert.All(copied.Weights().Zip(mapped.Model.Weights()), static pair => Assert.Equal(ModuleParameters.Values(pair.First.Parameter), ModuleParameters.Values(pair.Second.Parameter)));
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        var side = config.Vision.ImageSize;
        var pixels = torch.rand([1, 3, side, side], torch.ScalarType.BFloat16);
        AssertClose(ModuleParameters.Values(copied.Encode(pixels)), ModuleParameters.Values(mapped.Model.Encode(pixels)));
        var ids = torch.tensor(new long[] { 1, 5, 9 }).unsqueeze(0);
        AssertClose(Logits(copied, ids), Logits(mapped.Model, ids));

        // Processors with native bfloat16 round libtorch's products by how the memory of the weights is aligned.
        static void AssertClose(float[] expected, float[] actual) => Assert.InRange(expected.Zip(actual, static (one, other) => Math.Abs(one - other)).Max(), 0, 0.05f);
    }

    [Fact]
    public void Dispose_TheModel_ClosesTheFile()
    {
        var folder = _temp.Combine("closing");
        TinyCheckpoint.Write(folder, type: TensorType.BFloat16);
        var loaded = LoadedModel.Open(folder, WeightStorage.AsStored);
        Assert.Contains(folder, File.ReadAllText("/proc/self/maps"), StringComparison.Ordinal);

        loaded.Dispose();

        Assert.DoesNotContain(folder, File.ReadAllText("/proc/self/maps"), StringComparison.Ordinal);
    }

    public void Dispose() => _temp.Dispose();

    private static float[] Logits(M3Model model, torch.Tensor ids)
    {
        var hidden = model.Language.Forward(model.Language.Embed(ids), torch.arange(3, torch.ScalarType.Int64).unsqueeze(0), null, null);
        return ModuleParameters.Values(model.Language.Head(hidden));
    }
}
