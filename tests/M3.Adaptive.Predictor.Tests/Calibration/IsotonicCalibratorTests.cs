using M3.Adaptive.Predictor.Calibration;
using Xunit;

namespace M3.Adaptive.Predictor.Tests.Calibration;

public sealed class IsotonicCalibratorTests
{
    [Theory]
    [InlineData(0.1f, 0.125f)]
    [InlineData(0.25f, 0.3125f)]
    [InlineData(0.4f, 0.5f)]
    [InlineData(0.65f, 0.6875f)]
    [InlineData(-1f, 0.125f)]
    [InlineData(2f, 0.875f)]
    public void Of_AnyScore_IsOnTheLineBetweenCentresAndFlatBeyondThem(float score, float probability) =>
        Assert.Equal(probability, new IsotonicCalibrator([0.1f, 0.4f, 0.9f], [0.125f, 0.5f, 0.875f]).Of(score), 1e-6f);

    [Theory]
    [InlineData(new[] { 0.1f, 0.4f }, new[] { 0.2f, 0.2f }, null)]
    [InlineData(new float[0], new float[0], "0 scores")]
    [InlineData(new[] { 0.1f, 0.4f }, new[] { 0.2f }, "2 scores and 1 probabilities")]
    [InlineData(new[] { 0.1f, float.NaN }, new[] { 0.2f, 0.3f }, "score NaN")]
    [InlineData(new[] { 0.1f, 0.4f }, new[] { 0.2f, 1.5f }, "probability 1.5")]
    [InlineData(new[] { 0.4f, 0.4f }, new[] { 0.2f, 0.3f }, "not ascending at entry 1")]
    [InlineData(new[] { 0.1f, 0.4f }, new[] { 0.3f, 0.2f }, "not ascending at entry 1")]
    public void Fault_ReadFromAFile_SaysWhatIsWrong(float[] scores, float[] probabilities, string? expected)
    {
        var fault = new IsotonicCalibrator(scores, probabilities).Fault();

        if (expected is null) Assert.Null(fault);
        else Assert.Contains(expected, fault);
    }
}
