using M3.Adaptive.TestKit.Files;

namespace M3.Adaptive.CommandLine.Tests;

public sealed class OutputFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Require_NewEmptyOrOwn_IsTaken()
    {
        OutputFolder.Require(_folder.Combine("new"), "a report", _ => false);
        OutputFolder.Require(_folder.Path, "a report", _ => false);
        File.WriteAllText(_folder.Combine("report.html"), "");
        OutputFolder.Require(_folder.Path, "a report", entry => entry.EndsWith("report.html", StringComparison.Ordinal));
    }

    [Fact]
    public void Require_ForeignFileFolderOrFile_IsRefusedByName()
    {
        Directory.CreateDirectory(_folder.Combine("documents"));

        Assert.Contains("documents", Assert.Throws<CommandException>(() => OutputFolder.Require(_folder.Path, "a report", _ => false)).Message, StringComparison.Ordinal);

        File.WriteAllText(_folder.Combine("thesis.txt"), "years of work");
        var fault = Assert.Throws<CommandException>(() => OutputFolder.Require(_folder.Combine("thesis.txt"), "a report", _ => true));
        Assert.Equal(ExitCode.WrongUse, fault.Code);
        Assert.Contains("is a file", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Twice_ReplacesAndLeavesNothingBeside()
    {
        OutputFolder.Write(_folder.Combine("out"), new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" });
        OutputFolder.Write(_folder.Combine("out"), new Dictionary<string, string> { ["a"] = "3", ["b"] = "4" });

        Assert.Equal(["a", "b"], Directory.GetFiles(_folder.Combine("out")).Select(Path.GetFileName).Order());
        Assert.Equal("3", File.ReadAllText(_folder.Combine("out", "a")));
    }

    [Theory]
    [InlineData("/proc/report")]
    [InlineData("/proc/reports/of/today")]
    public void Require_PlaceThatTakesNoFiles_IsRefusedWithTheRemedy(string folder)
    {
        var fault = Assert.Throws<CommandException>(() => OutputFolder.Require(folder, "a report", _ => true));

        Assert.Equal($"{folder} cannot be written, as /proc takes no new file of this user's: name another place", fault.Message);
    }

    [Fact]
    public void RequireWritable_PlaceThatDoes_LeavesNothingThere()
    {
        OutputFolder.RequireWritable(_folder.Combine("reports", "today"));

        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Fill_FailsInNewFolders_TakesThemAwayAndNothingElse()
    {
        Assert.Throws<IOException>(() => OutputFolder.Fill(_folder.Combine("a", "b"), () => throw new IOException("disk full")));

        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
        Directory.CreateDirectory(_folder.Combine("mine"));
        Assert.Throws<IOException>(() => OutputFolder.Fill(_folder.Combine("mine", "b"), () => throw new IOException("disk full")));
        Assert.True(Directory.Exists(_folder.Combine("mine")));
        Assert.False(Directory.Exists(_folder.Combine("mine", "b")));
    }

    [Fact]
    public void Write_OnePlaceIsAFolder_LeavesNothingBeside()
    {
        Directory.CreateDirectory(_folder.Combine("out", "a"));

        Assert.ThrowsAny<SystemException>(() => OutputFolder.Write(_folder.Combine("out"), new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" }));

        Assert.DoesNotContain(Directory.GetFiles(_folder.Combine("out")), file => file.EndsWith(".unfinished", StringComparison.Ordinal));
    }
}
