using Google.Protobuf;
using Grpc.Core;
using Grpc.Health.V1;
using M3.Adaptive.Contracts.V1;
using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.TestKit.Serving.Checkpoints;
using M3.Adaptive.TestKit.Serving.Pictures;
using M3.Adaptive.TestKit.Time;

namespace M3.Adaptive.EndToEnd.Tests.Service;

/// <summary>How the service ends: asked to, or killed; and what it does when something it needs is broken.</summary>
public sealed class LifetimeTests : IDisposable
{
    private const int LongAnswer = 600;

    private readonly TinyCheckpoint _checkpoint = TinyCheckpoint.Create();

    public void Dispose() => _checkpoint.Dispose();

    [Fact]
    public async Task Sigterm_AnswersRunning_LetsEveryOneFinish()
    {
        await using var service = await ServiceProcess.StartAsync(_checkpoint.Folder);
        var client = service.Client;
        Task<GenerateResponse>[] answers = [.. Enumerable.Range(0, 4).Select(_ => client.GenerateAsync(Question(LongAnswer)).ResponseAsync)];
        await Task.WhenAny(answers).Soon();                                        // one has ended, so the next one runs and two wait

        service.Terminate();

        var replies = await Task.WhenAll(answers).Soon();
        Assert.All(replies, reply => Assert.Equal(LongAnswer, reply.NewTokens));
        Assert.Equal(0, await service.ExitAsync());
    }

    [Fact]
    public async Task Kill_ThenRestart_AnswersAgainAndHasLostNoDecision()
    {
        await using var first = await ServiceProcess.StartAsync(_checkpoint.Folder);
        var before = await first.Client.GenerateAsync(Question(4)).ResponseAsync.Soon();
        var unfinished = first.Client.GenerateAsync(Question(LongAnswer)).ResponseAsync;

        await first.KillAsync();

        await Assert.ThrowsAsync<RpcException>(() => unfinished.Soon());
        Assert.Contains(before.Decision.DecisionId, await first.DecisionsAsync(), StringComparison.OrdinalIgnoreCase);
        await using var second = await ServiceProcess.StartAsync(_checkpoint.Folder);
        var after = await second.Client.GenerateAsync(Question(4)).ResponseAsync.Soon();
        Assert.Equal(before.Text, after.Text);
    }

    [Fact]
    public async Task Health_Running_Serves()
    {
        await using var service = await ServiceProcess.StartAsync(_checkpoint.Folder);

        var whole = await service.Health.CheckAsync(new HealthCheckRequest()).ResponseAsync.Soon();
        var named = await service.Health.CheckAsync(new HealthCheckRequest { Service = "m3.adaptive.v1.AdaptiveService" }).ResponseAsync.Soon();

        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, whole.Status);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, named.Status);
    }

    [Fact]
    public async Task Deadline_Passed_StopsTheWorkAndTheServiceLivesOn()
    {
        await using var service = await ServiceProcess.StartAsync(_checkpoint.Folder);
        var client = service.Client;
        var deadline = TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(30);

        var refused = await Assert.ThrowsAsync<RpcException>(
            () => client.GenerateAsync(Question(LongAnswer), deadline: deadline).ResponseAsync.Soon());

        Assert.Equal(StatusCode.DeadlineExceeded, refused.StatusCode);
        Assert.Equal(4, (await client.GenerateAsync(Question(4)).ResponseAsync.Soon()).NewTokens);
    }

    [Fact]
    public async Task Predictor_Damaged_ServesAtTheSafeScaleAndSaysSoLoudly()
    {
        Directory.CreateDirectory(Path.Combine(_checkpoint.Folder, "predictor"));
        File.WriteAllText(Path.Combine(_checkpoint.Folder, "predictor", "manifest.json"), "not JSON");
        await using var service = await ServiceProcess.StartAsync(_checkpoint.Folder);

        var reply = await service.Client.GenerateAsync(Question(4)).ResponseAsync.Soon();

        Assert.Equal(StepReason.SafeScale, Assert.Single(reply.Path).Reason);
        Assert.Contains("No usable predictor", service.Log, StringComparison.Ordinal);
    }

    private static GenerateRequest Question(int newTokens) => new()
    {
        Image = new Image { Data = ByteString.CopyFrom(PlainPicture.Png(10, 200, 10)) },
        Question = "what is it",
        Decoding = new DecodingOptions { MaxNewTokens = newTokens },
    };
}
