using System.Globalization;
using M3.Adaptive.CommandLine.Values;

namespace M3.Adaptive.CommandLine.Tests.Values;

public sealed class WrittenValueTests
{
    [Theory]
    [InlineData("0", 0L)]
    [InlineData("-7", -7L)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("1,000", null)]
    [InlineData("1.000", null)]
    [InlineData(" 1", null)]
    [InlineData("1 ", null)]
    [InlineData("+1", null)]
    [InlineData("0x10", null)]
    [InlineData("1e3", null)]
    [InlineData("9223372036854775808", null)]
    [InlineData("", null)]
    public void Parse_WholeNumber_IsReadStrictly(string text, long? expected) => Assert.Equal(expected, WrittenValue.Parse(typeof(long?), text));

    [Theory]
    [InlineData("0.0001", 0.0001)]
    [InlineData("1.0412E+09", 1.0412e9)]
    [InlineData("-2", -2.0)]
    [InlineData(".5", 0.5)]
    [InlineData("0,0001", null)]
    [InlineData("1,000.5", null)]
    [InlineData("NaN", null)]
    [InlineData("Infinity", null)]
    [InlineData("-Infinity", null)]
    [InlineData("1e999", null)]
    [InlineData("5%", null)]
    [InlineData("1\0", null)]
    [InlineData("", null)]
    public void Parse_Number_IsReadStrictlyInEveryCulture(string text, double? expected)
    {
        var own = CultureInfo.CurrentCulture;
        var german = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (german.NumberFormat.NumberDecimalSeparator, german.NumberFormat.NumberGroupSeparator) = (",", ".");
        CultureInfo.CurrentCulture = german;
        try
        {
            Assert.Equal(expected, WrittenValue.Parse(typeof(double), text));
        }
        finally
        {
            CultureInfo.CurrentCulture = own;
        }
    }

    [Theory]
    [InlineData("30s", 30.0)]
    [InlineData("30", 30.0)]
    [InlineData("0", 0.0)]
    [InlineData("250ms", 0.25)]
    [InlineData("1.5h", 5400.0)]
    [InlineData("5min", 300.0)]
    [InlineData("5m", 300.0)]
    [InlineData("2 d", 172800.0)]
    [InlineData("00:01:30", 90.0)]
    [InlineData("1.00:00:00", 86400.0)]
    [InlineData("abc", null)]
    [InlineData("-1s", null)]
    [InlineData("-00:00:01", null)]
    [InlineData("1,5h", null)]
    [InlineData("30 seconds", null)]
    [InlineData("99999999999999d", null)]
    [InlineData("", null)]
    public void Parse_Duration_TakesTheUnitsThatPeopleWrite(string text, double? seconds) =>
        Assert.Equal(seconds, (WrittenValue.Parse(typeof(TimeSpan), text) as TimeSpan?)?.TotalSeconds);

    [Theory]
    [InlineData("16777216", 16L << 20)]
    [InlineData("16MiB", 16L << 20)]
    [InlineData("16 mib", 16L << 20)]
    [InlineData("1.5GiB", 3L << 29)]
    [InlineData("64kB", 64_000L)]
    [InlineData("2GB", 2_000_000_000L)]
    [InlineData("0", 0L)]
    [InlineData("0.1KiB", null)]
    [InlineData("16M", null)]
    [InlineData("16MiB!", null)]
    [InlineData("-1KiB", null)]
    [InlineData("99999999TiB", null)]
    public void Parse_Size_TakesTheUnitsThatPeopleWrite(string text, long? bytes) =>
        Assert.Equal(bytes, (WrittenValue.Parse(typeof(ByteSize), text) as ByteSize?)?.Bytes);

    [Fact]
    public void Show_OfWhatWasRead_ReadsAsTheSame()
    {
        foreach (var text in new[] { "0B", "1B", "1000B", "1KiB", "1025B", "16MiB", "3GiB" })
        {
            Assert.True(ByteSize.TryParse(text, out var size));
            Assert.Equal(text, size.ToString());
        }

        foreach (var text in new[] { "0s", "1ms", "250us", "90s", "1min", "36h", "1d" })
        {
            Assert.True(Durations.TryParse(text, out var duration));
            Assert.Equal(text, Durations.Show(duration));
        }
    }
}
