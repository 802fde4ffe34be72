using M3.Adaptive.Core;
using M3.Adaptive.Store.Databases;
using M3.Adaptive.Store.Schema;
using Microsoft.EntityFrameworkCore;

namespace M3.Adaptive.Store.Trials;

/// <summary>What came of the answers of one predictor.</summary>
/// <param name="Answers">Requests that were answered.</param>
/// <param name="MeanVisualTokens">What one was charged on average; 0 without answers.</param>
/// <param name="Deviation">Standard deviation of that.</param>
/// <param name="Outcomes">Answers of which it is known whether they were right.</param>
/// <param name="Right">Those of them that nobody called wrong.</param>
public sealed record TrialArm(long Answers, double MeanVisualTokens, double Deviation, long Outcomes, long Right)
{
    public static TrialArm Empty { get; } = new(0, 0, 0, 0, 0);
}

/// <summary>Champion and challenger side by side.</summary>
public sealed record TrialFigures(TrialArm Champion, TrialArm Challenger);

/// <summary>Compares what champion and challenger decided, over all processes that share the database. Safe for concurrent use.</summary>
public sealed class TrialStore
{
    private readonly StoreDatabase _database;

    internal TrialStore(StoreDatabase database) => _database = database;

    /// <param name="champion">Version of the predictor that serves.</param>
    /// <param name="challenger">Version of the one that is tried.</param>
    /// <param name="since">When the trial began.</param>
    public async Task<TrialFigures> CompareAsync(string champion, string challenger, DateTimeOffset since, CancellationToken cancellation)
    {
        var first = Instant.Of(since);
        await using var context = _database.CreateContext();
        var answers = context.Decisions.AsNoTracking().Where(row => row.At >= first && row.VisualTokens > 0
            && ((row.Alias == (int)PredictorAlias.Champion && row.PredictorVersion == champion)
                || (row.Alias == (int)PredictorAlias.Challenger && row.PredictorVersion == challenger)));
        var charged = await answers
            .GroupBy(row => row.Alias)
            .Select(arm => new { Alias = arm.Key, Count = arm.LongCount(), Sum = arm.Sum(row => (double)row.VisualTokens), Squares = arm.Sum(row => (double)row.VisualTokens * row.VisualTokens) })
            .ToListAsync(cancellation);
        var said = await answers
            .Select(row => new
            {
                row.Alias,
                IsRight = context.Outcomes.Any(one => one.DecisionId == row.Id && one.Verdict == (int)Verdict.Right),
                IsWrong = context.Outcomes.Any(one => one.DecisionId == row.Id && one.Verdict == (int)Verdict.Wrong),
            })
            .Where(row => row.IsRight || row.IsWrong)
            .GroupBy(row => new { row.Alias, row.IsWrong })
            .Select(group => new { group.Key.Alias, group.Key.IsWrong, Count = group.LongCount() })
            .ToListAsync(cancellation);
        return new TrialFigures(Arm(PredictorAlias.Champion), Arm(PredictorAlias.Challenger));

        TrialArm Arm(PredictorAlias alias)
        {
            if (charged.SingleOrDefault(arm => arm.Alias == (int)alias) is not { } arm) return TrialArm.Empty;
            var mean = arm.Sum / arm.Count;
            var right = said.Where(group => group.Alias == (int)alias && !group.IsWrong).Sum(static group => group.Count);
            var wrong = said.Where(group => group.Alias == (int)alias && group.IsWrong).Sum(static group => group.Count);
            return new TrialArm(arm.Count, mean, Math.Sqrt(Math.Max(0, arm.Squares / arm.Count - mean * mean)), right + wrong, right);
        }
    }
}
