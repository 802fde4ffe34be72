using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.TestKit;
using M3.Adaptive.TestKit.Files;
using M3.Adaptive.TestKit.Serving.Checkpoints;

namespace M3.Adaptive.Browser.Tests.Pages;

/// <summary>The service from a published folder, where the pages' files lie elsewhere than in a build's output.</summary>
public sealed class PublishedTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task Assets_OfAPublishedFolder_AreServedWhole()
    {
        using var folder = new TemporaryFolder();
        using var checkpoint = TinyCheckpoint.Create();
        await PublishAsync(folder.Path);
        await using var service = await ServiceProcess.StartPublishedAsync(folder.Combine("M3.Adaptive.Service.dll"), checkpoint.Folder);

        foreach (var asset in AssetTests.Pages.Concat(AssetTests.Files)) await AssetTests.AssertServedAsync(service.WebAddress, (string)asset[0], (string)asset[1], (int)asset[2]);

        Assert.Empty(service.Errors);
    }

    // What was built, as it is; links instead of copies, as libtorch is large.
    private static async Task PublishAsync(string folder)
    {
        var project = Path.Combine(RepositoryRoot.Path, "src", "M3.Adaptive.Service");
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        var ended = await Finished.RunAsync(
            "dotnet", ["publish", project, "--configuration", configuration, "--no-build", "--output", folder, "-p:CreateHardLinksForPublishFilesIfPossible=true"], limit: Limit);
        Assert.True(ended.ExitCode == 0, ended.Output);
    }
}
