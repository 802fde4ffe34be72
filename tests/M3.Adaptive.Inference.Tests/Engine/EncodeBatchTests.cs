using M3.Adaptive.Core;
using M3.Adaptive.Inference.Arithmetic;
using M3.Adaptive.Inference.Engine;
using M3.Adaptive.Inference.Scheduling;
using M3.Adaptive.Inference.VisionCache;
using TorchSharp;
using Xunit;

namespace M3.Adaptive.Inference.Tests.Engine;

/// <summary>Runs alone: it counts every live tensor of the process.</summary>
[Collection(nameof(TensorLeakTests))]
public sealed class EncodeBatchTests
{
    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Advance_ToTheEnd_GivesEachPictureItsOwnFeatures(int cancelled)
    {
        using var loaded = TinyModel.Load();
        using var arithmetic = new PlainArithmetic(loaded.Model);
        using var images = new FeatureCache(1 << 20, 10);
        var admission = new Admission(new AdmissionLimits(10, 1000, 0));
        var before = LiveTensors();
        var calls = Enumerable.Range(0, 3).Select(Begun).ToArray();

        var batch = EncodeCall.Together(calls);
        batch.Advance(arithmetic, TimeProvider.System);
        if (cancelled >= 0) calls[cancelled].Leave();
        while (batch.Done < loaded.Model.EncodeSlices) batch.Advance(arithmetic, TimeProvider.System);

        for (var i = 0; i < calls.Length; i++)
        {
            if (i == cancelled)
            {
                calls[i].End(new OperationCanceledException());                   // as the engine does between two steps
                continue;
            }

            var features = await calls[i].Result;
            using var alone = arithmetic.Encode([Pixels(i)]).Finish();
            Assert.True(torch.allclose(alone, features.Projected, rtol: 1e-4, atol: 1e-5));
            Assert.InRange(calls[i].Seconds, 1e-9, 60);
            images.Release(features);
        }

        images.Dispose();
        Assert.Equal(before, LiveTensors());
        admission.CheckIntegrity();

        EncodeCall Begun(int picture)
        {
            var call = new EncodeCall(admission, admission.Enter(1, pictureBytes: 10), ImageHash.Of(TinyModel.Picture(picture)), images);
            call.Bring(Pixels(picture), 0);
            Assert.True(call.TryJoin() && call.TryBegin());
            return call;
        }

        float[] Pixels(int picture) => loaded.ReadPixels(TinyModel.Picture(picture));
    }

    [Fact]
    public void Leave_AllHaveEnded_FreesWhatIsEncodedHalfway()
    {
        using var loaded = TinyModel.Load();
        using var arithmetic = new PlainArithmetic(loaded.Model);
        using var images = new FeatureCache(1 << 20, 10);
        var admission = new Admission(new AdmissionLimits(10, 1000, 0));
        var call = new EncodeCall(admission, admission.Enter(1, pictureBytes: 10), ImageHash.Of(TinyModel.Picture()), images);
        call.Bring(loaded.ReadPixels(TinyModel.Picture()), 0);
        call.TryBegin();
        var before = LiveTensors();

        EncodeCall.Together([call]).Advance(arithmetic, TimeProvider.System);
        call.End(new OperationCanceledException());

        Assert.Equal(before, LiveTensors());
    }

    // Without those that other tests left to the finalizer.
    private static long LiveTensors()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return torch.Tensor.TotalCount;
    }
}
