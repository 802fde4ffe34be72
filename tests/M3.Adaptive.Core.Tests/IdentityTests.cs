using Xunit;

namespace M3.Adaptive.Core.Tests;

public sealed class IdentityTests
{
    [Fact]
    public void Of_Bytes_IsTheirSha256() =>
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", ImageHash.Of("abc"u8).ToString());

    [Fact]
    public void Version_LongHash_ShowsTwelveDigits() =>
        Assert.Equal("m3-nano@0123456789ab", new ModelIdentity("m3-nano", "0123456789abcdef").Version);

    [Fact]
    public void At_Rung_IsItsProbability() =>
        Assert.Equal(0.4f, new ScalePrediction([0.1f, 0.2f, 0.3f, 0.4f, 0.5f], []).At(VisualScale.Of(144)));

    [Fact]
    public void ContextLength_TooLong_NamesBothLengthsAndTheRemedy()
    {
        var fault = new ContextLengthException(1200, 1024);

        Assert.Contains("1200", fault.Message);
        Assert.Contains("1024", fault.Message);
        Assert.Contains("lower the scale", fault.Message);
    }
}
