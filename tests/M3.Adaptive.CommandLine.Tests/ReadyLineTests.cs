namespace M3.Adaptive.CommandLine.Tests;

public sealed class ReadyLineTests
{
    [Fact]
    public void AddressIn_ReadyLine_IsItsAddress() =>
        Assert.Equal(new Uri("http://127.0.0.1:50051"), ReadyLine.AddressIn(ReadyLine.Of("http://127.0.0.1:50051")));

    [Fact]
    public void WebAddressIn_EitherLine_IsOfTheWebLineOnly()
    {
        Assert.Equal(new Uri("http://127.0.0.1:50052"), ReadyLine.WebAddressIn(ReadyLine.OfWeb("http://127.0.0.1:50052")));
        Assert.Null(ReadyLine.WebAddressIn(ReadyLine.Of("http://127.0.0.1:50051")));
        Assert.Null(ReadyLine.AddressIn(ReadyLine.OfWeb("http://127.0.0.1:50052")));
    }

    [Fact]
    public void AddressIn_AnyOtherLine_IsNull() => Assert.Null(ReadyLine.AddressIn("Model m3-nano is ready on 2 threads"));
}
