using M3.Adaptive.CommandLine.Values;

namespace M3.Adaptive.CommandLine.Tests.Values;

public sealed class PrintableTests
{
    [Theory]
    [InlineData("which bar is the highest? é 日 🍎", "which bar is the highest? é 日 🍎")]
    [InlineData("", "")]
    [InlineData("\e[2J", "\\u001b[2J")]
    [InlineData("a\r\nb\tc\0", "a\\u000d\\u000ab\\u0009c\\u0000")]
    [InlineData("\u009b1m", "\\u009b1m")]
    [InlineData("\u202egnp.exe", "\\u202egnp.exe")]
    [InlineData("\u2028", "\\u2028")]
    public void Of_Text_ShowsAsCodesWhatATerminalWouldObey(string text, string expected) => Assert.Equal(expected, Printable.Of(text));

    [Fact]
    public void Of_HalfASurrogatePair_IsReplaced() => Assert.Equal("a\uFFFDb", Printable.Of("a\uD83Cb"));
}
