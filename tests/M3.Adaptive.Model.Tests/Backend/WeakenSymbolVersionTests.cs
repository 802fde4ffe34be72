using System.Reflection;
using System.Text;
using M3.Adaptive.Model.Backend;
using Xunit;

namespace M3.Adaptive.Model.Tests.Backend;

public sealed class WeakenSymbolVersionTests : IDisposable
{
    private const string Library = "libstdc++.so.6", Version = "GLIBCXX_3.4.32", Marker = "_ZSt21ios_base_library_initv";

    private static readonly string Original = typeof(WeakenSymbolVersionTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(static metadata => metadata.Key == "TorchSharpLibrary").Value!;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Weaken_TorchSharpsLibrary_SetsOneFlagAndNothingElse()
    {
        var (before, after) = (File.ReadAllBytes(Original), File.ReadAllBytes(Original));

        Assert.True(SymbolVersions.Weaken(after, Library, Version, Marker));

        var changed = Enumerable.Range(0, before.Length).Where(i => before[i] != after[i]).ToList();
        Assert.Equal((0, 2), (before[Assert.Single(changed)], after[changed[0]]));
        Assert.Equal(0x0297f842u, BitConverter.ToUInt32(after, changed[0] - 4));   // the ELF hash of the version's name, beside its flags
    }

    [Fact]
    public void Weaken_Twice_ChangesNothingTheSecondTime()
    {
        var once = File.ReadAllBytes(Original);
        SymbolVersions.Weaken(once, Library, Version, Marker);
        var twice = (byte[])once.Clone();

        Assert.False(SymbolVersions.Weaken(twice, Library, Version, Marker));
        Assert.Equal(once, twice);
    }

    [Theory]
    [InlineData("libstdc++.so.6", "GLIBCXX_3.4.99", Marker)]                      // not asked for
    [InlineData("libm.so.6", Version, Marker)]                                    // of another library
    [InlineData("libstdc++.so.6", "GLIBCXX_3.4.21", Marker)]                      // asked for by functions that are called
    [InlineData("libstdc++.so.6", Version, "another_symbol")]
    public void Weaken_AnythingElse_ChangesNothing(string library, string version, string marker)
    {
        var (before, after) = (File.ReadAllBytes(Original), File.ReadAllBytes(Original));

        Assert.False(SymbolVersions.Weaken(after, library, version, marker));
        Assert.Equal(before, after);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(64)]
    [InlineData(100_000)]
    public void Weaken_FileCutShort_ChangesNothing(int length)
    {
        var before = File.ReadAllBytes(Original)[..length];
        var after = (byte[])before.Clone();

        Assert.False(SymbolVersions.Weaken(after, Library, Version, Marker));
        Assert.Equal(before, after);
    }

    [Theory]
    [InlineData("... GLIBCXX_3.4.30\0", true)]
    [InlineData("... GLIBCXX_3.4.30\0GLIBCXX_3.4.32\0", false)]
    [InlineData("... GLIBCXX_3.4.320\0", true)]
    [InlineData(null, false)]                                                     // no such library: nothing would help
    public void Execute_SystemsLibrary_DecidesWhetherTheCopyIsWeakened(string? systemLibrary, bool weakened)
    {
        if (systemLibrary is not null) File.WriteAllText(_folder.Combine(Library), systemLibrary, Encoding.ASCII);
        var (before, copy) = (File.ReadAllBytes(Original), _folder.Combine("new", "copy.so"));
        var task = new WeakenSymbolVersion
        {
            Source = Original,
            Destination = copy,
            Library = Library,
            Version = Version,
            MarkerSymbol = Marker,
            LibraryFolders = [_folder.Path],
        };

        Assert.True(task.Execute());
        Assert.True(task.Execute());                                              // over an older copy

        Assert.Equal(weakened, !before.AsSpan().SequenceEqual(File.ReadAllBytes(copy)));
        Assert.Equal(before, File.ReadAllBytes(Original));
        Assert.Equal([copy], Directory.GetFiles(_folder.Combine("new")));
    }
}
