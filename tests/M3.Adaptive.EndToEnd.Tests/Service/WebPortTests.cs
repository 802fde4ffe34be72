using System.Net;
using System.Net.Sockets;
using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.TestKit.Serving.Checkpoints;
using M3.Adaptive.TestKit.Time;

namespace M3.Adaptive.EndToEnd.Tests.Service;

/// <summary>Where the web port is, and when there is none.</summary>
public sealed class WebPortTests : IDisposable
{
    private readonly TinyCheckpoint _checkpoint = TinyCheckpoint.Create();

    public void Dispose() => _checkpoint.Dispose();

    [Fact]
    public async Task Start_FreePort_TellsAFreeWebPortThatAnswers()
    {
        await using var service = await ServiceProcess.StartAsync(_checkpoint.Folder);
        using var client = new HttpClient();

        var healthy = await client.GetAsync(new Uri(service.WebAddress ?? throw new InvalidOperationException("none"), "healthz")).Soon();

        Assert.Equal(HttpStatusCode.OK, healthy.StatusCode);
        Assert.NotEqual(service.Address.Port, service.WebAddress.Port);
        Assert.Equal("/", service.WebAddress.PathAndQuery);
    }

    [Fact]
    public async Task Start_WithoutWeb_ListensOnOnePortOnly()
    {
        await using var service = await ServiceProcess.StartAsync(_checkpoint.Folder, ServiceProcess.NoWeb);

        Assert.Null(service.WebAddress);
        await service.Health.CheckAsync(new()).ResponseAsync.Soon();
    }

    [Fact]
    public async Task Start_WebPortTaken_TellsToChooseAnother()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        var ended = await RefusedAsync("--port", "0", "--web-port", $"{((IPEndPoint)taken.LocalEndpoint).Port}");

        Assert.Contains("another program listens there; choose another port with --web-port", ended, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("where gRPC listens", "--port", "50777", "--web-port", "50777")]
    [InlineData("no port follows 65535", "--port", "65535")]
    [InlineData("give one of the two", "--no-web", "--web-port", "50777")]
    [InlineData("65536", "--web-port", "65536")]
    public async Task Start_NoSuchWebPort_SaysWhy(string fault, params string[] arguments) =>
        Assert.Contains(fault, await RefusedAsync(arguments), StringComparison.Ordinal);

    private async Task<string> RefusedAsync(params string[] arguments)
    {
        var environment = new Dictionary<string, string?> { ["M3_STATE"] = Path.Combine(_checkpoint.Folder, "state") };
        var ended = await Finished.RunAsync("dotnet", [BuiltProgram.Service, "--model", _checkpoint.Folder, .. arguments], environment: environment);
        Assert.Equal((2, ""), (ended.ExitCode, ended.Output));
        return Assert.Single(ended.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
