using System.CommandLine;

namespace M3.Adaptive.CommandLine;

/// <summary>The model that comes with the product and is used unless another one is named.</summary>
public static class ShippedModel
{
    private const string RelativePath = "models/m3-nano";

    /// <summary><c>models/m3-nano</c> beside or above the program; else under the current folder, where its absence is reported.</summary>
    public static string Folder { get; } = Find(AppContext.BaseDirectory) ?? Path.GetFullPath(RelativePath);

    /// <summary>The option <c>--model</c> of a command that works on a checkpoint folder: without it, the shipped model's.</summary>
    public static Option<DirectoryInfo> Option(string description) => new("--model")
    {
        Description = description,
        HelpName = "DIR",
        DefaultValueFactory = _ => new DirectoryInfo(Folder),
    };

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
