namespace M3.Adaptive.TestKit;

/// <summary>Where the checkout lies that these tests were built in.</summary>
public static class RepositoryRoot
{
    /// <summary>Absolute path of the folder with <c>M3.Adaptive.sln</c>, found upwards from the test's own assembly.</summary>
    public static string Path { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "M3.Adaptive.sln"))) return folder.FullName;
        }

        throw new DirectoryNotFoundException($"No M3.Adaptive.sln above {start}.");
    }
}
