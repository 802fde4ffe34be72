using System.Diagnostics;
using M3.Adaptive.Core;
using M3.Adaptive.Inference.Engine;

namespace M3.Adaptive.Benchmarks.Engine;

/// <summary>Ways to ask an engine.</summary>
internal static class Callers
{
    private static readonly DecodingOptions Greedy = new() { MaxNewTokens = 16 };

    /// <summary>
    /// So many callers, each asking one question after the other. They all begin with a picture to encode, which says nothing of the engine's pace: so they
    /// are let run for as long as is measured before anything is counted.
    /// </summary>
    /// <param name="begin">Called when counting begins.</param>
    /// <returns>What they saw; answers that were complete in time.</returns>
    public static async Task<Samples> ClosedAsync(M3Generator engine, IEnumerable<PictureVisit> visits, int callers, TimeSpan time, Action begin)
    {
        var (samples, counted) = (new Samples(), new Samples());
        using var stop = new CancellationTokenSource(2 * time);
        using var next = visits.GetEnumerator();
        var gate = new Lock();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            try
            {
                while (!stop.IsCancellationRequested) await VisitAsync(engine, Next(), () => Volatile.Read(ref samples), stop.Token);
            }
            catch (OperationCanceledException)
            {
            }
        })).Append(CountAsync()));
        return counted;

        async Task CountAsync()
        {
            await Task.Delay(time);
            begin();
            Volatile.Write(ref samples, counted);
        }

        PictureVisit Next()
        {
            lock (gate)
            {
                next.MoveNext();
                return next.Current;
            }
        }
    }

    /// <summary>Pictures arrive at random times, whether or not earlier ones are answered (Poisson), their questions together.</summary>
    /// <param name="rate">Questions a second.</param>
    public static async Task<Samples> OpenAsync(M3Generator engine, IEnumerable<PictureVisit> visits, double rate, TimeSpan time, int seed)
    {
        var (samples, random, running) = (new Samples(), new Random(seed), new List<Task>());
        var (start, due) = (Stopwatch.GetTimestamp(), 0.0);
        foreach (var visit in visits)
        {
            due -= Math.Log(1 - random.NextDouble()) / rate * visit.Questions.Count;
            if (due > time.TotalSeconds) break;
            if (TimeSpan.FromSeconds(due) - Stopwatch.GetElapsedTime(start) is { Ticks: > 0 } wait) await Task.Delay(wait);
            running.Add(Task.Run(() => VisitAsync(engine, visit, () => samples, CancellationToken.None, together: true)));
        }

        await Task.WhenAll(running);
        return samples;
    }

    /// <summary>Long answers, some at a time, one after the other until cancelled; those that run then are complete.</summary>
    public static Task LongAnswersAsync(M3Generator engine, EncodedImage image, string question, int callers, Samples samples, CancellationToken stop) =>
        Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            for (var seed = caller; !stop.IsCancellationRequested; seed += callers)
            {
                var decoding = new DecodingOptions { MaxNewTokens = 300, Temperature = 2, Seed = seed };
                await AskAsync(engine, new GenerationRequest(image, question, VisualScale.Of(9), decoding), () => samples, CancellationToken.None);
            }
        }, CancellationToken.None)));

    private static async Task VisitAsync(M3Generator engine, PictureVisit visit, Func<Samples> samples, CancellationToken stop, bool together = false)
    {
        using var image = await engine.EncodeAsync(visit.Picture, stop);
        var asking = visit.Questions.Select(question => new GenerationRequest(image, question.Question, question.Scale, Greedy));
        if (together) await Task.WhenAll(asking.Select(request => AskAsync(engine, request, samples, stop)));
        else foreach (var request in asking) await AskAsync(engine, request, samples, stop);
    }

    private static async Task AskAsync(M3Generator engine, GenerationRequest request, Func<Samples> samples, CancellationToken stop)
    {
        var (start, times, flops) = (Stopwatch.GetTimestamp(), new List<double>(), 0.0);
        await foreach (var token in engine.GenerateAsync(request, stop))
        {
            times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            flops += token.Charged.Flops;
        }

        samples().Add(request.Scale.Tokens, times, flops);
    }
}
