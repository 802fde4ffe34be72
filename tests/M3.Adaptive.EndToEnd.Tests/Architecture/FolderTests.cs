using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using M3.Adaptive.EndToEnd.Tests.Processes;

namespace M3.Adaptive.EndToEnd.Tests.Architecture;

/// <summary>
/// The folders of a project, which are its namespaces, form no circle: one can be read, and tested, before another. What lies below a
/// folder belongs to it, and its subfolders form no circle among themselves either. Files directly in a folder may bind its subfolders
/// together. What is compared is the compiled code, bodies of methods included.
/// </summary>
public sealed class FolderTests
{
    public static TheoryData<string> Projects => ProjectReferenceTests.ProductProjects;

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_OfAProductProject_FormNoCircle(string project)
    {
        var file = BuiltProgram.Find(project);
        var types = new ArchLoader().LoadFilteredDirectory(Path.GetDirectoryName(file), Path.GetFileName(file)).Build().Types;
        var uses = types
            .SelectMany(type => type.Dependencies, (type, dependency) => (type, dependency.Target))
            // The library takes equally named type parameters of generated code, of one JSON context and of another, for the same.
            .Where(use => use.Target is not GenericParameter)
            .Select(use => new Use(use.type.Namespace?.FullName, use.Target.Namespace?.FullName))
            .ToHashSet();
        var circles = uses.SelectMany(use => WithParents(use.User)).Distinct().SelectMany(folder => CirclesIn(folder, uses));

        Assert.True(!circles.Any(), string.Join("; ", circles.Select(use => $"{use.User} uses {use.Used}")));
    }

    [Fact]
    public void CirclesIn_FoldersThatUseEachOther_NamesThemAndNoOthers() => Assert.Equal(
        [new Use("Orders", "Prices"), new Use("Prices", "Orders")],
        CirclesIn("Shop", [new("Shop.Pages", "Shop.Orders"), new("Shop.Orders.Lines", "Shop.Prices"), new("Shop.Prices", "Shop.Orders")]));

    private static IEnumerable<Use> CirclesIn(string folder, IEnumerable<Use> uses)
    {
        List<Use> open = [.. uses
            .Select(use => new Use(ChildOf(folder, use.User), ChildOf(folder, use.Used)))
            .Where(use => use.User is not null && use.Used is not null && use.User != use.Used)
            .Distinct()];
        for (var before = -1; open.Count != before;)
        {
            before = open.Count;
            open = [.. open.Where(use => open.Any(next => next.User == use.Used) && open.Any(last => last.Used == use.User))];
        }

        return open;
    }

    private static string? ChildOf(string folder, string? name) =>
        name?.StartsWith($"{folder}.", StringComparison.Ordinal) == true ? name[(folder.Length + 1)..].Split('.')[0] : null;

    private static IEnumerable<string> WithParents(string? name)
    {
        for (; name is { Length: > 0 }; name = name.Contains('.') ? name[..name.LastIndexOf('.')] : null) yield return name;
    }

    private sealed record Use(string? User, string? Used);
}
