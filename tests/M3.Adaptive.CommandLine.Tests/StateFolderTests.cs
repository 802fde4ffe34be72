namespace M3.Adaptive.CommandLine.Tests;

public sealed class StateFolderTests
{
    [Fact]
    public void Of_NamedFolder_IsThatOne() => Assert.Equal("/srv/m3", StateFolder.Of("/srv/m3", "/home/somebody"));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Of_NoNamedFolder_LiesInTheHomeFolder(string? named) => Assert.Equal("/home/somebody/.local/state/m3", StateFolder.Of(named, "/home/somebody"));

    [Theory]
    [InlineData("")]
    [InlineData("somewhere")]
    public void Of_NoHomeFolder_AsksForM3StateAndNeverUsesTheCurrentOne(string home) =>
        Assert.Contains("M3_STATE", Assert.Throws<CommandException>(() => StateFolder.Of(null, home)).Message, StringComparison.Ordinal);
}
