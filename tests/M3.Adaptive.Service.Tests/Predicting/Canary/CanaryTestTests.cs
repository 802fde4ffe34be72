using M3.Adaptive.Service.Predicting.Canary;
using M3.Adaptive.Store.Trials;

namespace M3.Adaptive.Service.Tests.Predicting.Canary;

public sealed class CanaryTestTests
{
    private static readonly CanaryOptions Options = new();

    [Fact]
    public void Regression_AsGoodAsTheChampion_IsSeldomSeenHoweverOftenOneLooks()
    {
        var taken = Enumerable.Range(0, 400).Count(seed => IsTakenBack(seed, championRight: 0.8, canaryRight: 0.8, canaryTokens: 100));

        Assert.InRange(taken, 0, 30);                                          // 400 x 0.05, and 2.3 standard deviations
    }

    [Fact]
    public void Regression_FarFewerRightAnswers_IsSeen() =>
        Assert.InRange(Enumerable.Range(0, 50).Count(seed => IsTakenBack(seed, championRight: 0.85, canaryRight: 0.6, canaryTokens: 100)), 49, 50);

    [Fact]
    public void Regression_HalfAsMuchAgainCharged_IsSeen() =>
        Assert.InRange(Enumerable.Range(0, 50).Count(seed => IsTakenBack(seed, championRight: 0.8, canaryRight: 0.8, canaryTokens: 150)), 49, 50);

    [Fact]
    public void Regression_BetterAndCheaper_IsNone() =>
        Assert.Equal(0, Enumerable.Range(0, 50).Count(seed => IsTakenBack(seed, championRight: 0.6, canaryRight: 0.9, canaryTokens: 50)));

    [Fact]
    public void Regression_TooLittleKnown_IsNone() =>
        Assert.Null(CanaryTest.Regression(new(new(1000, 10, 1, 1000, 1000), new(49, 500, 1, 49, 0)), Options));

    [Fact]
    public void Regression_Seen_NamesBothSides()
    {
        var why = CanaryTest.Regression(new(new(1000, 10, 1, 1000, 900), new(1000, 10, 1, 1000, 500)), Options);

        Assert.Equal("right in 50.0 % of 1000 known answers, the champion in 90.0 % of 1000", why);
    }

    // Looks after every ten answers of each side, 2,000 answers long.
    private static bool IsTakenBack(int seed, double championRight, double canaryRight, double canaryTokens)
    {
        var random = new Random(seed);
        var (champion, canary) = (new Side(100, championRight), new Side(canaryTokens, canaryRight));
        for (var answer = 1; answer <= 2000; answer++)
        {
            champion.Answer(random);
            canary.Answer(random);
            if (answer % 10 == 0 && CanaryTest.Regression(new(champion.Arm, canary.Arm), Options) is not null) return true;
        }

        return false;
    }

    private sealed class Side(double tokens, double right)
    {
        private long _answers, _right;
        private double _sum, _squares;

        public TrialArm Arm => new(_answers, _sum / _answers, Math.Sqrt(Math.Max(0, _squares / _answers - _sum / _answers * (_sum / _answers))), _answers, _right);

        public void Answer(Random random)
        {
            var charged = 2 * tokens * random.NextDouble();
            _answers++;
            _sum += charged;
            _squares += charged * charged;
            if (random.NextDouble() < right) _right++;
        }
    }
}
