namespace M3.Adaptive.CommandLine.Tests;

public sealed class OutputFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("m3-output-");

    private string Place => Path.Combine(_folder.FullName, "sheet.png");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Write_NewFile_HoldsTheContent()
    {
        OutputFile.RequireNew(Place);

        OutputFile.Write(Place, "picture"u8);

        Assert.Equal("picture", File.ReadAllText(Place));
    }

    [Fact]
    public void Write_FileOfTheUsers_IsLeftAsItIs()
    {
        File.WriteAllText(Place, "years of work");

        Assert.Throws<CommandException>(() => OutputFile.RequireNew(Place));
        Assert.Throws<IOException>(() => OutputFile.Write(Place, "picture"u8));

        Assert.Equal("years of work", File.ReadAllText(Place));
    }
}
