using System.Text.Json;
using Grpc.Core;

namespace M3.Adaptive.Cli.Load;

/// <summary>What a request was answered.</summary>
/// <param name="Scale">Visual tokens of the scale that gave the answer.</param>
/// <param name="VisualTokens">Charged, over all scales that ran.</param>
/// <param name="Flops">Charged, likewise.</param>
/// <param name="EncodeFlops">Of encoding the picture; 0 where the service had it.</param>
internal sealed record LoadAnswer(int Scale, long VisualTokens, double Flops, double EncodeFlops, bool Correct);

/// <summary>What came of a request: an answer, or the status that it was refused with.</summary>
/// <param name="Latency">From the time it was planned for, so that a driver that is late hides nothing.</param>
/// <param name="Ended">From the start of the run.</param>
/// <param name="FirstText">From the time it was planned for to the first text of a streamed answer; null where none was streamed.</param>
/// <param name="Status">Name of the gRPC status, as the protocol writes it; null for an answer.</param>
/// <param name="Detail">What the refusal says; null for an answer.</param>
internal sealed record LoadOutcome(TimeSpan Latency, TimeSpan Ended, TimeSpan? FirstText, LoadAnswer? Answer, string? Status, string? Detail);

/// <summary>One call.</summary>
/// <param name="onText">To be called whenever text of a streamed answer arrives.</param>
internal delegate Task<LoadAnswer> Asking(PlannedRequest request, Action onText, CancellationToken cancellation);

/// <summary>How far a run has come.</summary>
internal readonly record struct LoadProgress(int Total, int Sent, int Answered, int Refused);

/// <summary>
/// Sends planned requests: each at its time, whatever became of those before, so that a slow service meets a queue, as it would in earnest; or by so many
/// callers that each ask when they have been answered, which finds the most that the service gives.
/// </summary>
/// <param name="ask">One call; an <see cref="RpcException"/> is a refusal.</param>
/// <param name="report">Called after every request that was sent or has ended, by one thread at a time.</param>
internal sealed class LoadRun(Asking ask, TimeProvider clock, Action<LoadProgress> report)
{
    private readonly Lock _gate = new();
    private LoadProgress _progress;

    /// <exception cref="OperationCanceledException">The run was interrupted; running calls are cancelled.</exception>
    public async Task<IReadOnlyList<LoadOutcome>> RunAsync(IReadOnlyList<PlannedRequest> plan, CancellationToken cancellation)
    {
        _progress = new LoadProgress(plan.Count, 0, 0, 0);
        var start = clock.GetTimestamp();
        var running = new List<Task<LoadOutcome>>(plan.Count);
        foreach (var request in plan)
        {
            var wait = request.At - clock.GetElapsedTime(start);
            if (wait > TimeSpan.Zero) await Task.Delay(wait, clock, cancellation);
            running.Add(AskAsync(request, start, cancellation));
            Advance(static progress => progress with { Sent = progress.Sent + 1 });
        }

        return await Task.WhenAll(running);
    }

    /// <param name="callers">How many ask at the same time: 1 or more. When requests were planned for does not matter.</param>
    /// <inheritdoc cref="RunAsync(IReadOnlyList{PlannedRequest}, CancellationToken)"/>
    public async Task<IReadOnlyList<LoadOutcome>> RunAsync(IReadOnlyList<PlannedRequest> plan, int callers, CancellationToken cancellation)
    {
        _progress = new LoadProgress(plan.Count, 0, 0, 0);
        var start = clock.GetTimestamp();
        var outcomes = new LoadOutcome[plan.Count];
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => CallAsync()));
        return outcomes;

        async Task CallAsync()
        {
            for (var i = Interlocked.Increment(ref next); i < plan.Count; i = Interlocked.Increment(ref next))
            {
                Advance(static progress => progress with { Sent = progress.Sent + 1 });
                outcomes[i] = await AskAsync(plan[i] with { At = clock.GetElapsedTime(start) }, start, cancellation);
            }
        }
    }

    private async Task<LoadOutcome> AskAsync(PlannedRequest request, long start, CancellationToken cancellation)
    {
        TimeSpan? firstText = null;
        try
        {
            var answer = await ask(request, () => firstText ??= clock.GetElapsedTime(start) - request.At, cancellation);
            var ended = clock.GetElapsedTime(start);
            Advance(static progress => progress with { Answered = progress.Answered + 1 });
            return new LoadOutcome(ended - request.At, ended, firstText, answer, null, null);
        }
        catch (RpcException refusal) when (!cancellation.IsCancellationRequested)
        {
            var ended = clock.GetElapsedTime(start);
            Advance(static progress => progress with { Refused = progress.Refused + 1 });
            return new LoadOutcome(ended - request.At, ended, firstText, null, JsonNamingPolicy.SnakeCaseUpper.ConvertName($"{refusal.StatusCode}"), refusal.Status.Detail);
        }
    }

    private void Advance(Func<LoadProgress, LoadProgress> step)
    {
        lock (_gate)
        {
            _progress = step(_progress);
            report(_progress);
        }
    }
}
