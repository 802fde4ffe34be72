using M3.Adaptive.Inference.Arithmetic;
using M3.Adaptive.Inference.Kernels;
using M3.Adaptive.Inference.Tests.Engine;
using TorchSharp;
using Xunit;

namespace M3.Adaptive.Inference.Tests.Arithmetic;

[Collection(nameof(TensorLeakTests))]
public sealed class StartMeasurementTests
{
    /// <summary>A way that converts weights at each use is the slowest at one row and may be the quickest at many.</summary>
    [Fact]
    public void Run_AnyDecoder_TimesEveryWayAtEveryNumberOfRows()
    {
        using var loaded = TinyModel.Load();
        loaded.Model.KeepIn(torch.ScalarType.BFloat16);
        using var pool = new WorkerPool(2);

        var table = new StartMeasurement(TimeProvider.System).Run(loaded.Model.Language, loaded.Config.Language, pool, int8: false, KernelSet.Width);

        Assert.All(table.Measured.Values, static ways => Assert.Equal([Products.Kernels, Products.BFloat16, Products.Float32], ways.Keys.Order()));
        Assert.All(table.Measured.Values.SelectMany(static ways => ways.Values), static seconds => Assert.InRange(seconds, 1e-9, 60));
    }
}
