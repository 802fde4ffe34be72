using System.Text.Json;
using M3.Adaptive.Training.DataGeneration.Drawing;

namespace M3.Adaptive.Training.DataGeneration;

/// <summary>The drawings of every concept in every style, and the installed typefaces. Immutable: shared by all threads.</summary>
public sealed class Assets
{
    private const string Remedy = "Run training/install-data-assets.sh.";

    private Assets(IReadOnlyList<IconStyle> styles, IReadOnlyList<IconArt> icons, bool heldOutStyle) =>
        (Styles, Icons, HeldOutStyle) = (styles, icons, heldOutStyle);

    /// <summary>The packages, in order: <see cref="IconArt.Style"/> counts along it.</summary>
    public IReadOnlyList<IconStyle> Styles { get; }

    /// <summary>Every concept in every style, concept by concept.</summary>
    public IReadOnlyList<IconArt> Icons { get; }

    /// <summary>Whether the one style was named by the user and is no part of the training styles.</summary>
    public bool HeldOutStyle { get; }

    /// <summary>Loads the icons of the training styles, or of one other package with the same icon names.</summary>
    /// <param name="packages">Folder that holds the packages (a node_modules); null: <see cref="FindPackages"/>.</param>
    /// <param name="style">Package to draw everything with, instead of those of styles.txt; null for these.</param>
    /// <exception cref="DataAssetException">A package, an icon or a typeface is missing.</exception>
    public static Assets Load(string? packages = null, string? style = null)
    {
        packages ??= FindPackages();
        foreach (var face in DataLists.Typefaces)
        {
            if (!File.Exists(face.Path)) throw new DataAssetException($"Typeface {face.Family} {face.Weight} is not installed: {face.Path} is missing. {Remedy}");
        }
        var styles = style is null
            ? DataLists.Styles
            : [DataLists.Styles.FirstOrDefault(entry => entry.Package == style) ?? ReadStyle(packages, style)];
        var byStyle = styles.Select((entry, index) => ReadIcons(Path.Combine(packages, entry.Package), index)).ToArray();
        return new Assets(styles, [.. DataLists.Concepts.SelectMany(concept => byStyle.Select(icons => icons[concept.Index]))],
            heldOutStyle: !DataLists.Styles.Contains(styles[0]));
    }

    /// <summary>The folder named by M3_ICON_PACKAGES, else training/assets/node_modules above the program or the working folder.</summary>
    public static string FindPackages()
    {
        if (Environment.GetEnvironmentVariable("M3_ICON_PACKAGES") is { Length: > 0 } named) return named;
        foreach (var start in new[] { AppContext.BaseDirectory, Directory.GetCurrentDirectory() })
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                var packages = Path.Combine(folder.FullName, "training", "assets", "node_modules");
                if (Directory.Exists(packages)) return packages;
            }
        }
        throw new DataAssetException($"The icon packages are not installed: no training/assets/node_modules here. {Remedy}");
    }

    /// <summary>What a package says about itself; every package of these icon sets has an info.json.</summary>
    private static IconStyle ReadStyle(string packages, string name)
    {
        var file = Path.Combine(packages, name, "info.json");
        if (!File.Exists(file))
        {
            throw new DataAssetException($"Icon package {name} is not in {packages}. Run npm install --no-save --prefix training/assets {name}.");
        }
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        var (license, author) = (document.RootElement.GetProperty("license"), document.RootElement.GetProperty("author"));
        string Text(JsonElement of, string property) => of.TryGetProperty(property, out var value) ? value.GetString() ?? "" : "";
        return new IconStyle(name, Text(license, "spdx"), Text(author, "name"), Text(author, "url"));
    }

    private static IconArt[] ReadIcons(string package, int style)
    {
        var file = Path.Combine(package, "icons.json");
        if (!File.Exists(file)) throw new DataAssetException($"Icon package {package} is not installed. {Remedy}");
        using var stream = File.OpenRead(file);
        using var document = JsonDocument.Parse(stream);
        var root = document.RootElement;
        return [.. DataLists.Concepts.Select(concept => ReadIcon(root, concept, style, file))];
    }

    private static IconArt ReadIcon(JsonElement root, Concept concept, int style, string file)
    {
        var icon = Find(root, concept.IconName + "-face") ?? Find(root, concept.IconName)
            ?? throw new DataAssetException($"{file} has no icon '{concept.IconName}', which concepts.txt names.");
        var body = icon.GetProperty("body").GetString() ?? throw new DataAssetException($"{file}: icon '{concept.IconName}' has no body.");
        double Size(string name) =>
            icon.TryGetProperty(name, out var own) ? own.GetDouble() : root.TryGetProperty(name, out var common) ? common.GetDouble() : 16;
        return new IconArt(concept, style, body, Size("width"), Size("height"));
    }

    private static JsonElement? Find(JsonElement root, string name)
    {
        if (root.GetProperty("icons").TryGetProperty(name, out var icon)) return icon;
        return root.TryGetProperty("aliases", out var aliases) && aliases.TryGetProperty(name, out var alias)
            ? Find(root, alias.GetProperty("parent").GetString() ?? "")
            : null;
    }
}
