using System.Text;
using Grpc.Core.Wire;

namespace Grpc.AspNetCore.Tests.Wire;

public class PercentEncodingTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a b~!", "a b~!")]
    [InlineData("100 %", "100 %25")]
    [InlineData("\t\r\n\u007f", "%09%0D%0A%7F")]
    [InlineData("ü☺\U0001F608", "%C3%BC%E2%98%BA%F0%9F%98%88")]
    public void Encode_Text_KeepsPrintableAsciiOnly(string text, string encoded)
    {
        Assert.Equal(encoded, PercentEncoding.Encode(text));
        Assert.Equal(text, PercentEncoding.Decode(encoded));
    }

    [Theory]
    [InlineData("%", "%")]
    [InlineData("%4", "%4")]
    [InlineData("%zz%41", "%zzA")]
    [InlineData("a%c3%bcb", "aüb")]
    [InlineData("%ff", "\ufffd")]
    public void Decode_WrongEscapes_Stay(string encoded, string text) => Assert.Equal(text, PercentEncoding.Decode(encoded));

    [Fact]
    public void Decode_AnyAscii_NeverFails()
    {
        var random = new Random(5);
        for (var i = 0; i < 20_000; i++)
        {
            var text = new StringBuilder();
            for (var n = random.Next(20); n > 0; n--) text.Append(random.Next(3) == 0 ? '%' : (char)random.Next(0x20, 0x7F));
            PercentEncoding.Decode(text.ToString());
            Assert.Equal(text.ToString(), PercentEncoding.Decode(PercentEncoding.Encode(text.ToString())));
        }
    }
}
