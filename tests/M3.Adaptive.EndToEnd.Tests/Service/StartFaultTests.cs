using System.Net;
using System.Net.Sockets;
using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.TestKit.Serving.Checkpoints;

namespace M3.Adaptive.EndToEnd.Tests.Service;

/// <summary>What keeps the service from starting is said in one line, with the remedy, and exit code 2.</summary>
public sealed class StartFaultTests : IDisposable
{
    private readonly TinyCheckpoint _checkpoint = TinyCheckpoint.Create();

    public void Dispose() => _checkpoint.Dispose();

    [Fact]
    public async Task Start_MissingFolder_NamesIt() => await AssertRefusedAsync("/no/such/folder", "--model", "/no/such/folder");

    [Fact]
    public async Task Start_CutCheckpoint_NamesTheFile()
    {
        var file = Path.Combine(_checkpoint.Folder, "model.safetensors");
        await using (var stream = File.OpenWrite(file)) stream.SetLength(stream.Length / 2);

        await AssertRefusedAsync("model.safetensors", "--model", _checkpoint.Folder);
    }

    [Fact]
    public async Task Start_MissingTokenizer_NamesTheFile()
    {
        File.Delete(Path.Combine(_checkpoint.Folder, "tokenizer.model"));

        await AssertRefusedAsync("tokenizer.model", "--model", _checkpoint.Folder);
    }

    [Fact]
    public async Task Start_PortTaken_TellsToChooseAnother()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        await AssertRefusedAsync("--port", "--model", _checkpoint.Folder, "--port", $"{port}");
    }

    [Fact]
    public async Task Start_BadAddress_SaysWhatIsExpected() =>
        await AssertRefusedAsync("127.0.0.1", "--model", _checkpoint.Folder, "--listen", "nowhere");

    [Fact]
    public async Task Start_BadSetting_NamesIt()
    {
        var settings = Path.Combine(_checkpoint.Folder, "settings.json");
        File.WriteAllText(settings, """{"Routing": {"SafeScale": 7}}""");

        await AssertRefusedAsync("SafeScale", "--model", _checkpoint.Folder, "--settings", settings);
    }

    [Fact]
    public async Task Start_MissingSettingsFile_NamesIt() =>
        await AssertRefusedAsync("/no/settings.json", "--model", _checkpoint.Folder, "--settings", "/no/settings.json");

    [Fact]
    public async Task Start_UnknownOption_NamesIt() => await AssertRefusedAsync("--modle", "--modle", _checkpoint.Folder);

    [Fact]
    public async Task Start_PortThatIsNoNumber_NamesIt() => await AssertRefusedAsync("--port", "--port", "x");

    private static async Task AssertRefusedAsync(string named, params string[] arguments)
    {
        var ended = await Finished.DotNetAsync([BuiltProgram.Service, .. arguments]);

        Assert.Equal(2, ended.ExitCode);
        Assert.Empty(ended.Output);
        var line = ended.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];       // that there is no predictor was told before
        Assert.StartsWith("m3: ", line, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ended.Error, StringComparison.Ordinal);
        Assert.Contains(named, line, StringComparison.Ordinal);
    }
}
