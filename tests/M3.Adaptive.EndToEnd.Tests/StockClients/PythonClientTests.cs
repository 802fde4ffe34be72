using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.EndToEnd.Tests.Service;
using M3.Adaptive.TestKit;

namespace M3.Adaptive.EndToEnd.Tests.StockClients;

/// <summary>Debian's grpcio under the system's own Python; protoc makes the messages from the committed contract.</summary>
[Collection(ServiceCollection.Name)]
public sealed class PythonClientTests(RunningService service) : StockClientTests(service), IAsyncLifetime
{
    private const string Python = "/usr/bin/python3";

    private readonly DirectoryInfo _stubs = Directory.CreateTempSubdirectory("m3-python-");

    public async Task InitializeAsync()
    {
        var protos = Path.Combine(RepositoryRoot.Path, "protos");
        var files = Directory.EnumerateFiles(Path.Combine(protos, "m3", "adaptive", "v1"), "*.proto");
        var compiled = await Finished.RunAsync(Protoc, ["-I", protos, $"--python_out={_stubs.FullName}", .. files]);
        Assert.True(compiled.ExitCode == 0, compiled.Error);
    }

    public Task DisposeAsync()
    {
        _stubs.Delete(recursive: true);
        return Task.CompletedTask;
    }

    protected override async Task<JsonNode> AskAsync(string image, double milliseconds)
    {
        var script = Path.Combine(RepositoryRoot.Path, "tests", "M3.Adaptive.EndToEnd.Tests", "StockClients", "python", "client.py");
        var ended = await Finished.RunAsync(
            Python, ["-B", script, _stubs.FullName, Target, image, "what is it", $"{milliseconds}"]);        // -B: no bytecode beside the sources
        Assert.True(ended.ExitCode == 0, ended.Error);
        return ended.Json;
    }

    private static string Protoc
    {
        get
        {
            var metadata = typeof(PythonClientTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>();
            var tools = metadata.Single(entry => entry.Key == "GrpcTools").Value;
            var platform = RuntimeInformation.ProcessArchitecture is System.Runtime.InteropServices.Architecture.Arm64 ? "linux_arm64" : "linux_x64";
            return Path.Combine(tools ?? "", "tools", platform, "protoc");
        }
    }
}
