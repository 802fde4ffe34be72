using System.Xml.Linq;
using M3.Adaptive.TestKit;

namespace M3.Adaptive.EndToEnd.Tests.Architecture;

/// <summary>
/// Who may know whom. A project exists where the set of dependencies changes, so a reference that is not in this table undoes the
/// reason for one of them.
/// </summary>
public sealed class ProjectReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["M3.Adaptive.Contracts"] = [],
        ["M3.Adaptive.Core"] = [],
        ["M3.Adaptive.CommandLine"] = [],
        ["M3.Adaptive.Model"] = ["M3.Adaptive.Core"],
        ["M3.Adaptive.Inference"] = ["M3.Adaptive.Core", "M3.Adaptive.Model"],
        ["M3.Adaptive.Predictor"] = ["M3.Adaptive.Core"],
        ["M3.Adaptive.Routing"] = ["M3.Adaptive.Core"],
        ["M3.Adaptive.Store"] = ["M3.Adaptive.Core"],
        ["M3.Adaptive.Service"] =
        [
            "M3.Adaptive.CommandLine", "M3.Adaptive.Contracts", "M3.Adaptive.Core", "M3.Adaptive.Model", "M3.Adaptive.Inference",
            "M3.Adaptive.Predictor", "M3.Adaptive.Routing", "M3.Adaptive.Store",
        ],
        ["M3.Adaptive.Client"] = ["M3.Adaptive.Contracts"],
        ["M3.Adaptive.Cli"] = ["M3.Adaptive.Client", "M3.Adaptive.CommandLine", "M3.Adaptive.Contracts"],
        ["M3.Adaptive.Training"] =
        [
            "M3.Adaptive.CommandLine", "M3.Adaptive.Core", "M3.Adaptive.Model", "M3.Adaptive.Inference", "M3.Adaptive.Predictor",
            "M3.Adaptive.Routing", "M3.Adaptive.Store",
        ],
        ["M3.Adaptive.TestKit"] = ["M3.Adaptive.Core"],
    };

    // Libtorch stays out of decisions, contracts and the client; so does gRPC out of everything but the two ends of the wire.
    private static readonly string[] MayUseTensors =
        ["M3.Adaptive.Model", "M3.Adaptive.Inference", "M3.Adaptive.Training", "M3.Adaptive.Benchmarks"];

    private static readonly string[] MayUseGrpc = ["M3.Adaptive.Contracts", "M3.Adaptive.Service", "M3.Adaptive.Client", "M3.Adaptive.Cli"];

    private static readonly string[] MayUseTheWebServer = ["M3.Adaptive.Service"];

    public static TheoryData<string> ProductProjects => [.. Find("src", "training").Select(NameOf)];

    public static TheoryData<string> AllProjects => [.. Find("src", "training", "tests").Select(NameOf)];

    [Theory]
    [MemberData(nameof(ProductProjects))]
    public void References_OfAProductProject_AreInTheTable(string project)
    {
        Assert.True(Allowed.TryGetValue(project, out var allowed), $"{project} is new: write down here what it may know.");

        Assert.Empty(ReferencesOf(project).Except(allowed));
    }

    [Fact]
    public void References_OfTheTestKit_AreInTheTable() => Assert.Empty(ReferencesOf("M3.Adaptive.TestKit").Except(Allowed["M3.Adaptive.TestKit"]));

    [Fact]
    public void References_OfTheTable_NameProjectsThatExist() => Assert.Empty(Allowed.Keys.Except(Find("src", "training", "tests").Select(NameOf)));

    [Theory]
    [MemberData(nameof(AllProjects))]
    public void References_ToTests_AreOnlyFromTests(string project)
    {
        var tests = Find("tests").Select(NameOf).ToHashSet();

        Assert.True(tests.Contains(project) || !ReferencesOf(project).Any(tests.Contains));
    }

    [Theory]
    [MemberData(nameof(ProductProjects))]
    public void Tensors_AreUsed_OnlyByModelAndEngine(string project) =>
        Assert.True(!UsesPackage(project, "TorchSharp") || MayUseTensors.Contains(project));

    [Theory]
    [MemberData(nameof(ProductProjects))]
    public void Grpc_IsUsed_OnlyAtTheWire(string project) => Assert.True(!UsesPackage(project, "Grpc.") || MayUseGrpc.Contains(project));

    [Theory]
    [MemberData(nameof(ProductProjects))]
    public void WebServer_IsUsed_OnlyByTheService(string project)
    {
        var root = XDocument.Load(FileOf(project)).Root;
        var usesIt = (string?)root?.Attribute("Sdk") == "Microsoft.NET.Sdk.Web"
            || root?.Descendants("FrameworkReference").Attributes("Include").Any(name => name.Value == "Microsoft.AspNetCore.App") == true;

        Assert.True(!usesIt || MayUseTheWebServer.Contains(project));
    }

    [Fact]
    public void Client_Knows_NoServerSide() => Assert.False(UsesPackage("M3.Adaptive.Cli", "Grpc.AspNetCore"));

    private static IEnumerable<string> ReferencesOf(string project) => XDocument.Load(FileOf(project)).Descendants("ProjectReference")
        .Where(reference => (string?)reference.Attribute("ReferenceOutputAssembly") != "false")
        .Select(reference => Path.GetFileNameWithoutExtension((string?)reference.Attribute("Include")) ?? "");

    // A generator of code (PrivateAssets) is no dependency of what is built.
    private static bool UsesPackage(string project, string prefix) => XDocument.Load(FileOf(project)).Descendants("PackageReference")
        .Where(package => (string?)package.Attribute("PrivateAssets") != "all")
        .Any(package => ((string?)package.Attribute("Include"))?.StartsWith(prefix, StringComparison.Ordinal) == true);

    private static string FileOf(string project) => Find("src", "training", "tests").Single(file => NameOf(file) == project);

    private static string NameOf(string file) => Path.GetFileNameWithoutExtension(file);

    private static IEnumerable<string> Find(params string[] folders) => folders.SelectMany(
        folder => Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, folder), "*.csproj", SearchOption.AllDirectories));
}
