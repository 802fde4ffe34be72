using System.Reflection;
using System.Runtime.InteropServices;
using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.EndToEnd.Tests.Service;
using M3.Adaptive.TestKit;

namespace M3.Adaptive.EndToEnd.Tests.StockClients;

/// <summary>
/// Debian's grpcio under the system's own Python. It makes its messages from the committed contract at run time: what a newer protoc
/// generates asks for a newer protobuf than Debian's.
/// </summary>
[Collection(ServiceCollection.Name)]
public sealed class PythonClientTests(RunningService service) : StockClientTests(service), IAsyncLifetime
{
    private const string Python = "/usr/bin/python3";

    private static readonly string Scripts = Path.Combine(RepositoryRoot.Path, "tests", "M3.Adaptive.EndToEnd.Tests", "StockClients", "python");
    private static readonly string Script = Path.Combine(Scripts, "client.py"), Example = Path.Combine(Scripts, "example.py"), Reflecting = Path.Combine(Scripts, "reflect.py");

    private readonly RunningService _service = service;
    private readonly string _contract = Path.GetTempFileName();

    public async Task InitializeAsync()
    {
        var protos = Path.Combine(RepositoryRoot.Path, "protos");
        var files = Directory.EnumerateFiles(protos, "*.proto", SearchOption.AllDirectories);
        var compiled = await Finished.RunAsync(Protoc, ["-I", protos, "-I", Path.Combine(Tools, "build", "native", "include"), "--include_imports", $"--descriptor_set_out={_contract}", .. files]);
        Assert.True(compiled.ExitCode == 0, compiled.Error);
    }

    [Fact]
    public async Task Ask_TextFile_NamesTheFieldInDetailsOfTheCommittedKind()
    {
        var outcome = (await CallAsync(new StockCall(_service.TextFile)))[0];

        Assert.Equal(["image.data"], outcome.Violations);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Example_InTheReadme_Runs(int number)
    {
        var code = Path.GetTempFileName();
        await File.WriteAllTextAsync(code, ReadmeExample.Of("python")[number].Replace("127.0.0.1:50051", Target));

        var ended = await Finished.RunAsync(Python, [Example, _contract, code], folder: RepositoryRoot.Path);

        File.Delete(code);
        Assert.True(ended.ExitCode == 0, ended.Error);
        Assert.Contains("144", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reflection_ClientWithoutTheContract_AsksAndStreams()
    {
        var ended = await Finished.RunAsync(Python, [Reflecting, Target, _service.Picture]);

        Assert.True(ended.ExitCode == 0, ended.Error);
        Assert.Equal([1, 9, 36, 144, 576], ended.Json["scales"]?.AsArray().Select(scale => (int?)scale) ?? []);
        Assert.Equal((string?)ended.Json["end"], (string?)ended.Json["text"]);
        Assert.Equal([144], ended.Json["path"]?.AsArray().Select(scale => (int?)scale) ?? []);
    }

    public Task DisposeAsync()
    {
        File.Delete(_contract);
        return Task.CompletedTask;
    }

    private protected override Task<Finished> RunAsync(string calls) => Finished.RunAsync(Python, [Script, _contract, Target, calls]);

    private static string Tools =>
        typeof(PythonClientTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == "GrpcTools").Value ?? "";

    private static string Protoc
    {
        get
        {
            var platform = RuntimeInformation.ProcessArchitecture is System.Runtime.InteropServices.Architecture.Arm64 ? "linux_arm64" : "linux_x64";
            return Path.Combine(Tools, "tools", platform, "protoc");
        }
    }
}
