using Grpc.Core;
using M3.Adaptive.Cli.Load;
using M3.Adaptive.TestKit.Time;
using Microsoft.Extensions.Time.Testing;

namespace M3.Adaptive.Cli.Tests.Load;

public sealed class LoadRunTests
{
    private static readonly LoadAnswer Answer = new(36, 36, 1e9, 0, Correct: true);

    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task Run_FirstRequestUnanswered_SendsTheSecondAtItsTime()
    {
        var asked = new List<TimeSpan>();
        var both = new TaskCompletionSource();
        var answer = new TaskCompletionSource<LoadAnswer>();
        var start = _clock.GetTimestamp();
        var run = new LoadRun(
            (request, _, _) =>
            {
                asked.Add(_clock.GetElapsedTime(start));
                if (asked.Count == 2) both.SetResult();
                return answer.Task;
            },
            _clock, progress => { if (progress.Sent == 1) _clock.Advance(TimeSpan.FromSeconds(1)); });
        var running = run.RunAsync([At(0), At(3)], CancellationToken.None);

        _clock.Advance(TimeSpan.FromSeconds(2));
        await both.Task.Soon();
        answer.SetResult(Answer);
        var outcomes = await running.Soon();

        Assert.Equal([TimeSpan.Zero, TimeSpan.FromSeconds(3)], asked);
        Assert.Equal([TimeSpan.FromSeconds(3), TimeSpan.Zero], outcomes.Select(outcome => outcome.Latency));
    }

    [Fact]
    public async Task Run_TwoCallers_EachAskWhenTheyHaveBeenAnswered()
    {
        var answers = Enumerable.Range(0, 3).Select(static _ => new TaskCompletionSource<LoadAnswer>()).ToArray();
        var asked = new List<int>();
        var third = new TaskCompletionSource();
        var run = new LoadRun(
            (request, _, _) =>
            {
                asked.Add(int.Parse(request.Scale));
                if (asked.Count == 3) third.SetResult();
                return answers[asked[^1]].Task;
            },
            _clock, static _ => { });

        var running = run.RunAsync([At(0, "0"), At(100, "1"), At(200, "2")], callers: 2, CancellationToken.None);

        Assert.Equal([0, 1], asked);                                               // at once, whatever they were planned for
        _clock.Advance(TimeSpan.FromSeconds(5));
        answers[1].SetResult(Answer);
        await third.Task.Soon();
        _clock.Advance(TimeSpan.FromSeconds(1));
        answers[2].SetResult(Answer);
        answers[0].SetResult(Answer);
        var outcomes = await running.Soon();
        Assert.Equal([0, 1, 2], asked);
        Assert.Equal([6.0, 5, 1], outcomes.Select(outcome => outcome.Latency.TotalSeconds));
    }

    [Fact]
    public async Task Run_DriverIsLate_CountsTheDelayAsLatency()
    {
        var run = new LoadRun(
            (_, _, _) =>
            {
                _clock.Advance(TimeSpan.FromSeconds(2));                           // a call that keeps the driver busy
                return Task.FromResult(Answer);
            },
            _clock, static _ => { });

        var outcomes = await run.RunAsync([At(0), At(0)], CancellationToken.None).Soon();

        Assert.Equal([TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4)], outcomes.Select(outcome => outcome.Latency));
    }

    [Fact]
    public async Task Run_TextStreams_TimesTheFirstTextOnly()
    {
        var run = new LoadRun(
            (_, onText, _) =>
            {
                for (var second = 0; second < 3; second++)
                {
                    _clock.Advance(TimeSpan.FromSeconds(1));
                    onText();
                }

                return Task.FromResult(Answer);
            },
            _clock, static _ => { });

        var outcome = Assert.Single(await run.RunAsync([At(0)], CancellationToken.None).Soon());

        Assert.Equal((TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3)), (outcome.FirstText, outcome.Latency));
    }

    [Fact]
    public async Task Run_RefusedRequest_IsCountedByItsStatusAndTheOthersGoOn()
    {
        var seen = new List<LoadProgress>();
        var run = new LoadRun(
            (request, _, _) => request.Scale == "576" ? throw new RpcException(new Status(StatusCode.ResourceExhausted, "full")) : Task.FromResult(Answer),
            _clock, seen.Add);

        var outcomes = await run.RunAsync([At(0), At(0, "576"), At(0)], CancellationToken.None).Soon();
        var report = LoadReport.Of(outcomes, 1, null, 0, null, null);

        Assert.Equal((3, 2), (report.Requests, report.Answered));
        Assert.Equal(new("RESOURCE_EXHAUSTED", 1), Assert.Single(report.Errors));
        Assert.Equal("full", report.ErrorDetails["RESOURCE_EXHAUSTED"]);
        Assert.Equal((72L, 2, 36.0), (report.ChargedVisualTokens, report.Scales[36], report.MeanVisualTokens));
        Assert.Equal(new LoadProgress(3, 3, 2, 1), seen[^1]);
    }

    [Fact]
    public async Task Run_Cancelled_EndsWithoutWaitingForItsTime()
    {
        using var stop = new CancellationTokenSource();
        var run = new LoadRun((_, _, _) => Task.FromResult(Answer), _clock, static _ => { }).RunAsync([At(1)], stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.Soon());
    }

    private static PlannedRequest At(int seconds, string scale = "auto") => new(TimeSpan.FromSeconds(seconds), new Question("0", "a.png", "what", ["x"]), scale);
}
