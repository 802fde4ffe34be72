using M3.Adaptive.Core;
using M3.Adaptive.Routing.Requests;
using M3.Adaptive.Routing.Wishes;
using M3.Adaptive.Routing.Tests.Doubles;
using Xunit;

namespace M3.Adaptive.Routing.Tests.Retries;

public sealed class RetryBehaviorTests
{
    [Fact]
    public async Task Send_SameIdAgain_IsAnsweredFromMemory()
    {
        using var bench = new RoutingBench();

        var first = await bench.SendAsync(RoutingBench.Ask(id: "r1"));
        var second = await bench.SendAsync(RoutingBench.Ask(id: "r1"));

        Assert.Equal(first with { Replayed = true }, second);
        Assert.Single(bench.Generator.Ran);
        Assert.Single(bench.Log.Decisions);
    }

    [Fact]
    public async Task Send_SameImageByHash_CountsAsTheSameRequest()
    {
        using var bench = new RoutingBench();

        await bench.SendAsync(RoutingBench.Ask(id: "r1"));
        var second = await bench.SendAsync(RoutingBench.Ask(id: "r1") with { Image = new ImageSource.Cached(ImageHash.Of(RoutingBench.Image)) });

        Assert.True(second.Replayed);
    }

    public static TheoryData<GenerateQuery> OtherContent =>
    [
        RoutingBench.Ask(id: "r1") with { Question = "what else" },
        RoutingBench.Ask(id: "r1") with { Image = new ImageSource.Bytes(new byte[] { 9 }) },
        RoutingBench.Ask(id: "r1") with { Decoding = new DecodingWish(3, null, null, null) },
        RoutingBench.Ask(new PolicyWish.Fixed(9), id: "r1"),
        RoutingBench.Ask(new PolicyWish.Quality(0.5), id: "r1"),
        RoutingBench.Ask(tokens: 100, id: "r1"),
        RoutingBench.Ask(id: "r1") with { Routing = new RoutingWish { Escalation = new(false, null) } },
    ];

    [Theory]
    [MemberData(nameof(OtherContent))]
    public async Task Send_SameIdOtherContent_IsRefused(GenerateQuery other)
    {
        using var bench = new RoutingBench();
        await bench.SendAsync(RoutingBench.Ask(id: "r1"));

        var refusal = await Assert.ThrowsAsync<RequestIdReusedException>(() => bench.SendAsync(other));

        Assert.Equal("r1", refusal.RequestId);
    }

    [Fact]
    public async Task Send_SameIdOfAnotherTenant_Runs()
    {
        using var bench = new RoutingBench();
        await bench.SendAsync(RoutingBench.Ask(id: "r1"));
        var other = new Caller("acme", KeyRole.Client, "a1");

        var first = await bench.SendAsync(RoutingBench.Ask(id: "r1") with { Caller = other, Question = "what else" });
        var second = await bench.SendAsync(RoutingBench.Ask(id: "r1") with { Caller = other, Question = "what else" });

        Assert.Equal((false, true), (first.Replayed, second.Replayed));
    }

    [Fact]
    public async Task Send_NoId_RunsEveryTime()
    {
        using var bench = new RoutingBench();

        await bench.SendAsync(RoutingBench.Ask());
        await bench.SendAsync(RoutingBench.Ask());

        Assert.Equal(2, bench.Generator.Ran.Count);
    }

    [Fact]
    public async Task Send_SameIdWhileRunning_WaitsForTheFirst()
    {
        using var bench = new RoutingBench();
        var go = new TaskCompletionSource();
        bench.Generator.OnRun = (_, _) => go.Task;

        var first = bench.SendAsync(RoutingBench.Ask(id: "r1"));
        var second = bench.SendAsync(RoutingBench.Ask(id: "r1"));
        go.SetResult();

        Assert.False((await first).Replayed);
        Assert.True((await second).Replayed);
        Assert.Single(bench.Generator.Ran);
    }

    [Fact]
    public async Task Send_SameIdStreamedWhileRunning_RunsOnceAndBothHearIt()
    {
        using var bench = new RoutingBench();
        var go = new TaskCompletionSource();
        bench.Generator.OnRun = (_, _) => go.Task;
        var (one, two) = (new HeardText(), new HeardText());

        var first = bench.SendAsync(RoutingBench.Ask(id: "r1") with { Sink = one });
        var second = bench.SendAsync(RoutingBench.Ask(id: "r1") with { Sink = two });
        go.SetResult();

        Assert.Equal((await first) with { Replayed = true }, await second);
        Assert.Equal(["a", " b"], one.Parts);
        Assert.Equal(["a b"], two.Parts);
        Assert.Single(bench.Generator.Ran);
    }

    [Fact]
    public async Task Send_FirstFailed_TheRetryRuns()
    {
        using var bench = new RoutingBench();
        bench.Generator.OnRun = (_, _) => throw new IOException("once");
        await Assert.ThrowsAsync<RouteInterruptedException>(() => bench.SendAsync(RoutingBench.Ask(id: "r1")));
        bench.Generator.OnRun = (_, _) => Task.CompletedTask;

        var reply = await bench.SendAsync(RoutingBench.Ask(id: "r1"));

        Assert.False(reply.Replayed);
    }

    [Fact]
    public async Task Send_FirstCancelledWhileAnotherWaits_TheOtherTakesItsPlace()
    {
        using var bench = new RoutingBench();
        using var source = new CancellationTokenSource();
        bench.Generator.OnRun = (_, cancellation) => cancellation.CanBeCanceled ? Task.Delay(Timeout.Infinite, cancellation) : Task.CompletedTask;
        var first = bench.SendAsync(RoutingBench.Ask(id: "r1"), source.Token);
        var second = bench.SendAsync(RoutingBench.Ask(id: "r1"));

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.False((await second).Replayed);
    }

    [Fact]
    public async Task Send_StreamedRetry_GetsTheRememberedTextAtOnce()
    {
        using var bench = new RoutingBench();
        var first = await bench.SendAsync(RoutingBench.Ask(id: "r1"));
        var text = new HeardText();

        var second = await bench.SendAsync(RoutingBench.Ask(id: "r1") with { Sink = text });

        Assert.True(second.Replayed);
        Assert.Equal([first.Text], text.Parts);
        Assert.Single(bench.Generator.Ran);
    }

    [Fact]
    public async Task Send_AfterTheReplyWasForgotten_RunsAgain()
    {
        using var bench = new RoutingBench(("Routing:Replies:KeepFor", "00:01:00"));
        await bench.SendAsync(RoutingBench.Ask(id: "r1"));
        bench.Clock.Advance(TimeSpan.FromSeconds(61));

        Assert.False((await bench.SendAsync(RoutingBench.Ask(id: "r1"))).Replayed);
    }

    [Fact]
    public async Task Send_MoreRepliesThanAreRemembered_ForgetsTheOldest()
    {
        using var bench = new RoutingBench(("Routing:Replies:MaxReplies", "2"));
        foreach (var id in new[] { "r1", "r2", "r3" }) await bench.SendAsync(RoutingBench.Ask(id: id));

        Assert.True((await bench.SendAsync(RoutingBench.Ask(id: "r3"))).Replayed);
        Assert.True((await bench.SendAsync(RoutingBench.Ask(id: "r2"))).Replayed);
        Assert.False((await bench.SendAsync(RoutingBench.Ask(id: "r1"))).Replayed);
    }
}
