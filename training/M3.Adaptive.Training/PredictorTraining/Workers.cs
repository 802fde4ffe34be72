namespace M3.Adaptive.Training.PredictorTraining;

/// <summary>Runs independent fits side by side; what comes out does not depend on how many.</summary>
internal sealed class Workers(int threads, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
{
    public TResult[] Select<T, TResult>(string stage, IReadOnlyList<T> items, Func<T, TResult> fit)
    {
        var results = new TResult[items.Count];
        var done = 0;
        Parallel.For(0, items.Count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, i =>
        {
            results[i] = fit(items[i]);
            progress?.Report(new TrainingProgress(stage, Interlocked.Increment(ref done), items.Count));
        });
        return results;
    }
}
