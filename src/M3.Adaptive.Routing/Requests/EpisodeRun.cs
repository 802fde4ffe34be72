using M3.Adaptive.Core;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Limits;
using M3.Adaptive.Routing.Telemetry;
using Microsoft.Extensions.Logging;

namespace M3.Adaptive.Routing.Requests;

/// <summary>How far one request has come: the runs of its episode, which stop when it is disposed of. Belongs to one request; not thread-safe.</summary>
/// <param name="query">What is asked.</param>
/// <param name="routed">Whose image is asked about; not disposed of here.</param>
internal sealed class EpisodeRun(
    IGenerator generator, RequestRouter router, ScaleLimits limits, TimeProvider clock, ILogger logger, GenerateQuery query, RoutedRequest routed, DecodingOptions decoding) : IAsyncDisposable
{
    private readonly List<ScaleRun> _runs = [];

    public Episode Episode { get; private set; } = routed.Episode;

    /// <summary>What each scale said, in the order of the path; the last one's is the answer.</summary>
    public IReadOnlyList<ScaleAnswer> Answers => [.. _runs.Select(run => new ScaleAnswer(run.Tokens))];

    /// <summary>When the first and the last token of the answer came, as the clock's timestamps.</summary>
    public (long First, long Last) AnswerTimes => (_runs[^1].FirstAt, _runs[^1].LastAt);

    /// <summary>What is told of the request if it fails now.</summary>
    public RouteSoFar SoFar
    {
        get
        {
            var isObserved = _runs is not [] && Episode.Path.Count == _runs.Count;
            var episode = isObserved ? Episode.ObserveRest(Episode.Forecast, Charged(_runs[^1])) : Episode;
            return new RouteSoFar(Episode.Decision, episode.Path, Cost.Sum(_runs.Select(Charged)));
        }
    }

    /// <summary>
    /// Runs scales until the episode is settled. An answer is judged as a whole; one that is sent as it comes by its first token, before any of it
    /// is sent, so that a finer scale may still take its place.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        query.Progress?.Report(Episode);
        while (Episode.Next is { } scale)
        {
            try
            {
                await EnterAsync(scale, cancellation);
            }
            catch (Exception exception) when (Episode.Path is not [] && exception is ContextLengthException or OverloadedException or TooLargeException or ScaleRateException)
            {
                RoutingLog.EscalationFoundNoRoom(logger, scale.Tokens, exception.Message);
                Episode = Episode.ObserveNoRoom();                            // the answer in hand is better than none
                query.Progress?.Report(Episode);
                break;
            }

            var run = _runs[^1];
            do await run.ReadAsync();
            while (query.Sink is null && !run.IsComplete);
            Episode = Episode.Observe(Judge(run), Charged(run), query.Deadline - clock.GetUtcNow() - generator.Backlog);
            Tell();
            query.Progress?.Report(Episode);
        }

        if (query.Sink is { } sink) await SendAsync(_runs[^1], sink, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var run in _runs) await run.DisposeAsync();
    }

    // The run before goes on until this one has been let in: nobody is left without an answer for want of room.
    private async Task EnterAsync(VisualScale scale, CancellationToken cancellation)
    {
        limits.Take(query.Caller, scale);
        var run = await ScaleRun.EnterAsync(generator, new GenerationRequest(routed.Image, query.Question, scale, decoding), routed.Hold.Charge, clock, cancellation);
        if (_runs is [.., var before]) await before.DisposeAsync();
        _runs.Add(run);
    }

    private async Task SendAsync(ScaleRun run, ITextSink sink, CancellationToken cancellation)
    {
        await SendAsync(run.Tokens[0]);
        while (!run.IsComplete) await SendAsync(await run.ReadAsync());
        if (run.Tokens.Count > 1) Episode = Episode.ObserveRest(Judge(run), Charged(run));
        query.Progress?.Report(Episode);

        async Task SendAsync(TokenEvidence token)
        {
            if (token.Text.Length > 0) await sink.WriteAsync(token.Text, cancellation);
        }
    }

    private AnswerForecast? Judge(ScaleRun run) => Episode.Prediction is { } prior ? router.Judge(routed.Turn.Predictor, prior, query.Question, run.Scale, run.Tokens) : null;

    private static Cost Charged(ScaleRun run) => new ScaleAnswer(run.Tokens).Charged;

    private void Tell()
    {
        if (Episode.Next is not { } finer || !logger.IsEnabled(LogLevel.Debug)) return;
        var (best, kept) = (ScaleWorth.Best(Episode.Weighed), Episode.Weighed[0]);
        RoutingLog.Escalated(logger, Episode.Path[^1].Scale.Tokens, finer.Tokens, best.Value, kept.Value);
    }
}
