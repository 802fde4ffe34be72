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
    public async Task Start_AddressOfNobodyHere_TellsToChooseAnother() =>
        await AssertRefusedAsync("--listen", "--model", _checkpoint.Folder, "--listen", "203.0.113.7", "--port", "0");

    [Fact]
    public async Task Start_OpenToOthersWithoutAKey_TellsToMakeOne() =>
        await AssertRefusedAsync("./m3 key create", "--model", _checkpoint.Folder, "--listen", "0.0.0.0", "--port", "0");

    [Fact]
    public async Task Start_OpenToOthersByConsent_WarnsAndServes()
    {
        await using var service = await ServiceProcess.StartAsync(_checkpoint.Folder, "--listen", "0.0.0.0", "--insecure");
        service.Terminate();
        await service.ExitAsync();

        Assert.Contains("Whoever reaches 0.0.0.0:0 is let in", service.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_WithoutAPredictor_SaysSoAndLeavesNoState()
    {
        var state = Path.Combine(_checkpoint.Folder, "state");

        var ended = await Finished.RunAsync(
            "dotnet", [BuiltProgram.Service, "--check", "--model", _checkpoint.Folder], environment: new Dictionary<string, string?> { ["M3_STATE"] = state });

        Assert.Equal((2, ""), (ended.ExitCode, ended.Output));
        Assert.Contains("m3: there is no usable predictor", ended.Error, StringComparison.Ordinal);
        Assert.False(Path.Exists(state));
    }

    [Fact]
    public async Task Check_ShippedModelBesideARunningService_IsInOrder()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var environment = new Dictionary<string, string?> { ["M3_STATE"] = Path.Combine(_checkpoint.Folder, "state") };

        var ended = await Finished.RunAsync("dotnet", [BuiltProgram.Service, "--check", "--port", $"{port}"], environment: environment);

        Assert.Equal(0, ended.ExitCode);
        Assert.StartsWith("m3: settings, state, model and predictor are in order: ", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_CertificateWithoutItsKey_NamesTheSetting() => await AssertRefusedWithAsync(
        new() { ["Server__Certificate"] = "/no/such.pem" }, "Server:CertificateKey", "--check", "--model", _checkpoint.Folder);

    [Fact]
    public async Task Check_NoSuchCertificate_NamesIt() => await AssertRefusedWithAsync(
        new() { ["Server__Certificate"] = "/no/such.pem", ["Server__CertificateKey"] = "/no/key.pem" }, "/no/such.pem", "--check", "--model", _checkpoint.Folder);

    [Fact]
    public async Task Start_BadSetting_NamesIt()
    {
        var settings = Path.Combine(_checkpoint.Folder, "settings.json");
        File.WriteAllText(settings, """{"Routing": {"SafeScale": 7}}""");

        await AssertRefusedAsync("SafeScale", "--model", _checkpoint.Folder, "--settings", settings);
    }

    [Fact]
    public async Task Start_LargestRequestWouldNeverFit_NamesBothSettings() =>
        await AssertRefusedWithAsync(new() { ["Server__MaxInFlightBytes"] = "1MiB" }, "Server:MaxRequestBytes", "--model", _checkpoint.Folder);

    [Theory]
    [InlineData("Server__DrainTime", "abc", "Server__DrainTime is 'abc', expected a duration such as 30s")]
    [InlineData("Server__DrainTme", "30s", "the nearest one is Server__DrainTime")]
    public async Task Start_BadEnvironment_NamesTheVariable(string name, string value, string expected) =>
        await AssertRefusedWithAsync(new() { [name] = value }, expected, "--model", _checkpoint.Folder);

    [Fact]
    public async Task Start_StateFolderIsAFile_TellsToSetAnother() => await AssertRefusedWithAsync(
        new() { ["M3_STATE"] = Path.Combine(_checkpoint.Folder, "config.json") }, "M3_STATE", "--model", _checkpoint.Folder);

    // Nobody makes folders there, root neither.
    [Fact]
    public async Task Start_StateFolderThatNobodyMayWrite_TellsToSetAnother() => await AssertRefusedWithAsync(
        new() { ["M3_STATE"] = "/sys/m3" }, "/sys/m3/m3.db cannot be written: give this user write access to it and its folder, or set M3_STATE", "--model", _checkpoint.Folder);

    [Fact]
    public async Task Start_FailsAfterItsStateWasOpened_LeavesNothing()
    {
        var state = Path.Combine(_checkpoint.Folder, "state");

        await AssertRefusedWithAsync(new() { ["M3_STATE"] = state }, "/no/such/folder", "--model", "/no/such/folder");

        Assert.False(Path.Exists(state));
    }

    [Fact]
    public async Task Start_MissingSettingsFile_NamesIt() =>
        await AssertRefusedAsync("/no/settings.json", "--model", _checkpoint.Folder, "--settings", "/no/settings.json");

    [Fact]
    public async Task Start_UnknownOption_NamesIt() => await AssertRefusedAsync("--modle", "--modle", _checkpoint.Folder);

    [Fact]
    public async Task Start_PortThatIsNoNumber_NamesIt() => await AssertRefusedAsync("--port", "--port", "x");

    [Fact]
    public async Task Version_IsPrinted()
    {
        var ended = await Finished.DotNetAsync(BuiltProgram.Service, "--version");

        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        Assert.Matches(@"^\d+\.\d+\.\d+", ended.Output);
    }

    private Task AssertRefusedAsync(string named, params string[] arguments) => AssertRefusedWithAsync([], named, arguments);

    private async Task AssertRefusedWithAsync(Dictionary<string, string?> environment, string named, params string[] arguments)
    {
        environment.TryAdd("M3_STATE", Path.Combine(_checkpoint.Folder, "state"));
        var ended = await Finished.RunAsync("dotnet", [BuiltProgram.Service, .. arguments], environment: environment);

        Assert.Equal((2, ""), (ended.ExitCode, ended.Output));
        var line = Assert.Single(ended.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("m3: ", line, StringComparison.Ordinal);
        Assert.Contains(named, line, StringComparison.Ordinal);
    }
}
