namespace M3.Adaptive.TestKit.Files;

/// <summary>An empty folder of one test's own, deleted with all that was put into it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("m3-test-").FullName;

    /// <summary>A path inside the folder; nothing is made there.</summary>
    public string Combine(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
