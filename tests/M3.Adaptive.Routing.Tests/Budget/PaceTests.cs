using M3.Adaptive.Core;
using M3.Adaptive.Routing.Budget;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Tests.Doubles;
using Xunit;

namespace M3.Adaptive.Routing.Tests.Budget;

/// <summary>Days of traffic, of which the pace knows nothing but what it has seen, on the type that decides.</summary>
public sealed class PaceTests
{
    private const int RequestsADay = 5000, MinutesADay = 1440;

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public enum Shape
    {
        Daylight,
        TwoRushes,
        EarlyRush,
        LateRush,
    }

    public static IEnumerable<object[]> Days =>
        from shape in Enum.GetValues<Shape>() from mean in (int[])[9, 20, 60] select (object[])[shape, mean];

    /// <summary>
    /// The second day of a shape with bursts that come at other times each day: the budget is used up to 5 percent and not exceeded, and answers are
    /// more often right than at any fixed scale, or any mixture of fixed scales, of the same spend.
    /// </summary>
    [Theory]
    [MemberData(nameof(Days))]
    public void Observe_BurstyDays_SpendTheBudgetBetterThanAnyFixedScale(Shape shape, int meanTokens)
    {
        var random = new Random(7 * (int)shape + meanTokens);
        var pace = new Pace(0.0005);
        Serve(pace, day: 0, meanTokens, Traffic(random, shape));

        var (spent, accuracy, hull, budget) = Serve(pace, day: 1, meanTokens, Traffic(random, shape));

        Assert.InRange(spent / (double)budget, 0.95, 1);
        Assert.True(accuracy > hull, $"{accuracy:F3} against {hull:F3}");
    }

    [Fact]
    public void Observe_OthersSpendMostOfTheBudget_LeavesThemTheirShare()
    {
        var alone = new Pace(0.0005);
        var beside = new Pace(0.0005);
        var budget = new TenantBudget("t", BudgetUnit.VisualTokens, 100_000, Day, 1);
        for (var i = 0; i < 200; i++)
        {
            var now = DateTimeOffset.UnixEpoch.AddMinutes(i);
            alone.Observe(new BudgetBalance(budget, DateTimeOffset.UnixEpoch, 36 * i, 0), 36, now);
            beside.Observe(new BudgetBalance(budget, DateTimeOffset.UnixEpoch, 180 * i, 0), 36, now);   // four others do the same
        }

        Assert.True(beside.Price > alone.Price);
    }

    private static (long Spent, double Accuracy, double Hull, long Budget) Serve(Pace pace, int day, int meanTokens, List<(double Time, float[] Success)> requests)
    {
        var budget = new TenantBudget("t", BudgetUnit.VisualTokens, (long)meanTokens * requests.Count, Day, SoftShare: 1);
        var start = DateTimeOffset.UnixEpoch + day * Day;
        long spent = 0;
        var right = 0.0;
        foreach (var (time, success) in requests)
        {
            var balance = new BudgetBalance(budget, start, spent, 0);
            var rules = Costs.Rules(new Policy.Economy(new Price(pace.Price))) with { Escalation = EscalationRules.Off };
            var (_, plan) = BudgetPlanner.Plan(balance, rules, 0, within =>
            {
                Episode.TryStart(within, Costs.Prediction(success), Costs.Ladder(), default, null, out var begun, out var refusal);
                return new EpisodeStart(begun, refusal);
            });
            if (plan is not BudgetPlan.Go { Episode.Decision.Scale: var scale })
            {
                pace.ObserveRefusal(balance, start + time * Day);             // no answer: not right
                continue;
            }

            spent += scale.Tokens;
            right += success[scale.Rung];
            pace.Observe(balance, scale.Tokens, start + time * Day);
        }

        return (spent, right / requests.Count, Hull(requests, meanTokens), budget.Limit);
    }

    // What mixing the two neighbouring scales blindly reaches at the same mean spend.
    private static double Hull(List<(double Time, float[] Success)> requests, double meanTokens)
    {
        double[] means = [.. VisualScale.All.Select(scale => requests.Average(request => request.Success[scale.Rung]))];
        var below = VisualScale.All.Last(scale => scale.Tokens <= meanTokens && scale != VisualScale.Finest);
        var above = VisualScale.All[below.Rung + 1];
        return means[below.Rung] + (means[above.Rung] - means[below.Rung]) * (meanTokens - below.Tokens) / (above.Tokens - below.Tokens);
    }

    private static List<(double Time, float[] Success)> Traffic(Random random, Shape shape)
    {
        double[] weights = [.. Enumerable.Range(0, MinutesADay).Select(minute => Weight(shape, (double)minute / MinutesADay))];
        for (var burst = 0; burst < 12; burst++)
        {
            var (at, height) = (random.Next(MinutesADay - 10), 1 + 5 * random.NextDouble());
            for (var minute = at; minute < at + 10; minute++) weights[minute] += height;
        }

        var total = weights.Sum();
        return
        [
            .. from minute in Enumerable.Range(0, MinutesADay)
               let expected = weights[minute] / total * RequestsADay
               from request in Enumerable.Range(0, (int)(expected + random.NextDouble()))
               orderby minute, request
               select ((minute + random.NextDouble()) / MinutesADay, Success(random)),
        ];
    }

    private static double Weight(Shape shape, double time) => shape switch
    {
        Shape.Daylight => 0.15 + Math.Max(0, Math.Sin((time - 0.25) * 2 * Math.PI)),
        Shape.TwoRushes => 0.1 + (Math.Abs(time - 0.4) < 0.02 ? 8 : 0) + (Math.Abs(time - 0.8) < 0.01 ? 10 : 0),
        Shape.EarlyRush => time < 0.14 ? 3 : 0.3,
        _ => time >= 0.86 ? 3 : 0.1,
    };

    // A question needs some scale: below it a guess, above it nearly always right.
    private static float[] Success(Random random)
    {
        var needed = random.NextDouble() switch { < 0.2 => 0, < 0.45 => 1, < 0.7 => 2, < 0.85 => 3, _ => 4 };
        var (best, worst, width) = (0.75 + 0.23 * random.NextDouble(), 0.05 + 0.45 * random.NextDouble(), 0.35 * (0.5 + random.NextDouble()));
        return [.. Enumerable.Range(0, 5).Select(rung => (float)(worst + (best - worst) / (1 + Math.Exp(-(rung - needed + 0.5) / width))))];
    }
}
