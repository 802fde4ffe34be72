using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.TestKit.Serving.Checkpoints;
using M3.Adaptive.TestKit.Serving.Pictures;

namespace M3.Adaptive.EndToEnd.Tests.Service;

/// <summary>One service with the tiny model, shared by the tests that leave it as it was, and files to ask it about.</summary>
public sealed class RunningService : IAsyncLifetime, IDisposable
{
    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("m3-files-");
    private TinyCheckpoint? _checkpoint;
    private ServiceProcess? _process;

    internal ServiceProcess Process => _process ?? throw new InvalidOperationException("Not started yet.");

    public string ModelFolder => _checkpoint?.Folder ?? throw new InvalidOperationException("Not started yet.");

    public string Address => Process.Address.GetLeftPart(UriPartial.Authority);

    public Uri WebAddress => Process.WebAddress ?? throw new InvalidOperationException("It has no web port.");

    public byte[] PictureBytes { get; } = PlainPicture.Png(200, 30, 30);

    public string Picture => Keep("picture.png", PictureBytes);

    /// <summary>More bytes than one request may have.</summary>
    public string LargeFile => Keep("large.png", new byte[17 << 20]);

    public string TextFile => Keep("text.png", "This is text, whatever its name says."u8.ToArray());

    public async Task InitializeAsync()
    {
        _checkpoint = TinyCheckpoint.Create();
        _process = await ServiceProcess.StartAsync(_checkpoint.Folder);
    }

    public async Task DisposeAsync()
    {
        if (_process is null) return;
        await _process.DisposeAsync();
        Assert.Empty(_process.Errors);                                             // whatever clients did wrong all along
    }

    public void Dispose()
    {
        _checkpoint?.Dispose();
        _files.Delete(recursive: true);
    }

    private string Keep(string name, byte[] content)
    {
        var path = Path.Combine(_files.FullName, name);
        if (!File.Exists(path)) File.WriteAllBytes(path, content);
        return path;
    }
}

[CollectionDefinition(Name)]
public sealed class ServiceCollection : ICollectionFixture<RunningService>
{
    public const string Name = "service";
}
