namespace M3.Adaptive.Service.Hosting;

/// <summary>The model that comes with the product and serves unless another one is named.</summary>
internal static class EmbeddedModel
{
    private const string RelativePath = "models/m3-nano";

    /// <summary><c>models/m3-nano</c> beside or above the program; else under the current folder, where its absence is reported.</summary>
    public static string Folder { get; } = Find(AppContext.BaseDirectory) ?? Path.GetFullPath(RelativePath);

    private static string? Find(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, RelativePath);
            if (Directory.Exists(candidate)) return candidate;
        }

        return null;
    }
}
