using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.TestKit.Serving.Checkpoints;
using M3.Adaptive.TestKit.Serving.Pictures;

namespace M3.Adaptive.EndToEnd.Tests.Service;

/// <summary>Keys from the operator's command to the client's, through a real service.</summary>
public sealed class KeyTests : IDisposable
{
    private readonly TinyCheckpoint _checkpoint = TinyCheckpoint.Create();

    public void Dispose() => _checkpoint.Dispose();

    [Fact]
    public async Task Key_MadeShownAndRevoked_OpensTheServiceInBetween()
    {
        await using var service = await ServiceProcess.StartAsync(_checkpoint.Folder);
        var picture = Path.Combine(_checkpoint.Folder, "picture.png");
        await File.WriteAllBytesAsync(picture, PlainPicture.Png(200, 30, 30));
        Assert.Equal(0, (await AskAsync()).ExitCode);

        var made = (await service.AdministerAsync("key", "create", "--tenant", "acme", "--json")).Json;
        var (key, id) = ((string)made["key"]!, (string)made["id"]!);
        var withoutKey = await UntilAsync(() => AskAsync(), static ended => ended.ExitCode != 0);
        var byOption = await AskAsync("--key", key);
        var byEnvironment = await Finished.RunAsync("dotnet", Ask(), environment: new Dictionary<string, string?> { ["M3_KEY"] = key });
        await service.AdministerAsync("key", "revoke", id);
        var revoked = await UntilAsync(() => AskAsync("--key", key), static ended => ended.ExitCode != 0);

        Assert.Equal((2, 2), (withoutKey.ExitCode, revoked.ExitCode));
        Assert.All([withoutKey, revoked], static ended => Assert.Contains("--key or $M3_KEY", ended.Error, StringComparison.Ordinal));
        Assert.Equal((0, 0), (byOption.ExitCode, byEnvironment.ExitCode));
        Assert.Equal(2, (await service.DecisionsAsync()).Split('\n').Count(static line => line.Contains("\"acme\"", StringComparison.Ordinal)));

        Task<Finished> AskAsync(params string[] options) => Finished.RunAsync("dotnet", [.. Ask(), .. options]);

        string[] Ask() => [BuiltProgram.Cli, "ask", picture, "what is it", "--server", service.Address.GetLeftPart(UriPartial.Authority)];
    }

    // Another process's keys count within a second, and each look takes a good part of one.
    private static async Task<Finished> UntilAsync(Func<Task<Finished>> run, Func<Finished, bool> isIt)
    {
        for (var tries = 0; ; tries++)
        {
            var ended = await run();
            if (isIt(ended) || tries == 20) return ended;
        }
    }
}
