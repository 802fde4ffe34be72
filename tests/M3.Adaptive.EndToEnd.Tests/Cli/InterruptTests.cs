using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.EndToEnd.Tests.Service;
using M3.Adaptive.TestKit.Time;

namespace M3.Adaptive.EndToEnd.Tests.Cli;

[Collection(ServiceCollection.Name)]
public sealed class InterruptTests(RunningService service)
{
    [Fact]
    public Task Ask_CtrlCWhileTheServiceIsSilent_EndsWithExitCode130() => AssertEndsAsync(signals: 1);

    [Fact]
    public Task Ask_CtrlCThreeTimes_EndsWithoutATrace() => AssertEndsAsync(signals: 3);

    private async Task AssertEndsAsync(int signals)
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var start = new ProcessStartInfo("dotnet", [BuiltProgram.Cli, "ask", service.Picture, "what", "--server", $"{silent.LocalEndpoint}"])
        {
            RedirectStandardError = true,
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("The program did not start.");
        using var connection = await silent.AcceptTcpClientAsync().Soon();

        for (var i = 0; i < signals; i++) Process.Start("kill", ["-INT", $"{process.Id}"]).Dispose();

        await process.WaitForExitAsync().Soon();
        Assert.Equal((130, ""), (process.ExitCode, await process.StandardError.ReadToEndAsync()));
    }
}
