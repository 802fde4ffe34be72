using Google.Rpc;
using Grpc.Core;
using M3.Adaptive.Core;
using M3.Adaptive.Service.Limits;
using M3.Adaptive.Service.Tests.Endpoint;
using M3.Adaptive.TestKit.Time;
using Microsoft.Extensions.DependencyInjection;
using StockHealth = Grpc.Health.V1.Health;

namespace M3.Adaptive.Service.Tests.Limits;

/// <summary>What is refused beyond a key's limits, and what is not.</summary>
public sealed class RequestLimitsTests
{
    private const string Key = "m3_a1_secret", OtherKey = "m3_b2_secret";

    [Fact]
    public async Task Call_MoreThanASecondsWorthAtOnce_IsToldWhenToRetry()
    {
        await using var host = await StartAsync(static limits => limits.RequestsPerSecond = 1);

        // Twenty take far less than the twenty seconds in which all would be let in.
        var ends = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => EndAsync(host, Key, ""))).Soon();
        var ofOther = await EndAsync(host, OtherKey, "").Soon();

        Assert.Contains(null, ends);
        Assert.All(ends.OfType<RpcException>(), static refused => AssertRefused(refused, "REQUEST_RATE"));
        Assert.Contains(ends, static end => end is not null);
        Assert.Null(ofOther);
    }

    [Fact]
    public async Task Call_OneMoreThanMayRun_IsRefusedUntilTheOtherEnds()
    {
        await using var host = await StartAsync(static limits => limits.ConcurrentRequests = 1);
        var (begun, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        host.Behaviour.Answer = async (text, _) =>
        {
            if (text != "hold") return text;
            begun.SetResult();
            await goOn.Task;
            return text;
        };

        var held = EndAsync(host, Key, "hold");
        await begun.Task.Soon();
        var beyond = await EndAsync(host, Key, "").Soon();
        var ofOther = await EndAsync(host, OtherKey, "").Soon();
        goOn.SetResult();

        Assert.Null(await held.Soon());
        AssertRefused(Assert.IsType<RpcException>(beyond), "CONCURRENT_REQUESTS");
        Assert.Null(ofOther);
        Assert.Null(await EndAsync(host, Key, "").Soon());
    }

    [Fact]
    public async Task Health_BeyondTheLimits_StillAnswers()
    {
        await using var host = await StartAsync(static limits => limits.RequestsPerSecond = 1);

        for (var i = 0; i < 10; i++) await new StockHealth.HealthClient(host.Channel).CheckAsync(new()).ResponseAsync.Soon();
    }

    [Fact]
    public async Task Call_WithoutLimits_IsLetIn()
    {
        await using var host = await StartAsync(static _ => { });

        Assert.All(await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => EndAsync(host, Key, ""))).Soon(), Assert.Null);
    }

    private static async Task<EndpointHost> StartAsync(Action<LimitOptions> limit)
    {
        var host = await EndpointHost.StartAsync(services => services.Configure(limit));
        host.Keys.Add(Key, "acme", KeyRole.Client);
        host.Keys.Add(OtherKey, "acme", KeyRole.Client);
        return host;
    }

    private static async Task<RpcException?> EndAsync(EndpointHost host, string key, string text)
    {
        try
        {
            await new Shapes.ShapesClient(host.Channel).UnaryAsync(new() { Value = text }, new Metadata { { "authorization", $"Bearer {key}" } });
            return null;
        }
        catch (RpcException refused)
        {
            return refused;
        }
    }

    private static void AssertRefused(RpcException refused, string reason)
    {
        var status = refused.GetRpcStatus();
        Assert.Equal((StatusCode.ResourceExhausted, reason), (refused.StatusCode, status?.GetDetail<ErrorInfo>()?.Reason));
        Assert.True(status?.GetDetail<RetryInfo>()?.RetryDelay.ToTimeSpan() > TimeSpan.Zero);
    }
}
