using Google.Protobuf;
using Grpc.Core;
using M3.Adaptive.Contracts.V1;
using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.TestKit.Serving.Checkpoints;
using M3.Adaptive.TestKit.Serving.Pictures;
using M3.Adaptive.TestKit.Time;

namespace M3.Adaptive.EndToEnd.Tests.Service;

/// <summary>A settings file that changes under a running service.</summary>
public sealed class SettingsChangeTests : IDisposable
{
    private readonly TinyCheckpoint _checkpoint = TinyCheckpoint.Create();
    private readonly string _file;

    public SettingsChangeTests() => _file = Path.Combine(_checkpoint.Folder, "settings.json");

    public void Dispose() => _checkpoint.Dispose();

    [Fact]
    public async Task SettingsFile_ChangesWhileServing_CountsWithoutARestartUnlessItIsWrong()
    {
        File.WriteAllText(_file, """{"Routing": {"MaxNewTokens": 2}, "Limits": {"RequestsPerSecond": 1000}}""");
        await using var service = await ServiceProcess.StartAsync(_checkpoint.Folder, "--settings", _file);
        Assert.Equal(2, (await AskAsync(service)).NewTokens);

        File.WriteAllText(_file, """{"Routing": {"MaxNewTokens": 3}, "Limits": {"RequestsPerSecond": 1000}, "Server": {"MaxConnections": 7}, "Logging": {"LogLevel": {"M3": "Warning"}}}""");
        await service.LoggedAsync("count from the next start on: Server:MaxConnections");
        Assert.Equal(3, (await AskAsync(service)).NewTokens);
        Assert.DoesNotContain("Routing:MaxNewTokens 3", service.Log);              // it is no warning

        // A number, and yet no scale.
        File.WriteAllText(_file, """{"Routing": {"MaxNewTokens": 5, "SafeScale": 7}}""");
        await service.LoggedAsync("All settings stay as they are: the settings are wrong: Routing:SafeScale is 7");
        Assert.Equal(3, (await AskAsync(service)).NewTokens);

        File.WriteAllText(_file, """{"Routing": {"MaxNewTokens": 4}, "Limits": {"RequestsPerSecond": 1}}""");
        await service.LoggedAsync("Limits:RequestsPerSecond 1 (before: 1000)");
        Assert.Equal(4, (await AskAsync(service)).NewTokens);
        Assert.Equal(StatusCode.ResourceExhausted, (await Assert.ThrowsAsync<RpcException>(() => AskAsync(service))).StatusCode);
    }

    private static Task<GenerateResponse> AskAsync(ServiceProcess service) => service.Client.GenerateAsync(new GenerateRequest
    {
        Image = new Image { Data = ByteString.CopyFrom(PlainPicture.Png(10, 200, 10)) },
        Question = "what is it",
    }).ResponseAsync.Soon();
}
