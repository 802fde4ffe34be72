using FsCheck.Xunit;
using M3.Adaptive.Core;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Tests.Doubles;

namespace M3.Adaptive.Routing.Tests.Decision;

[Properties(Arbitrary = [typeof(Situations)], MaxTest = 2000)]
public sealed class DeciderLaws
{
    [Property]
    public bool TryDecide_Always_StaysWithinBoundsAndCaps(Situation situation) =>
        !situation.TryDecide(out var decision) || situation.Fitting.Contains(decision!.Scale);

    [Property]
    public bool TryDecide_SomethingFits_IsNotRefused(Situation situation) => situation.TryDecide(out _) == situation.Fitting.Any();

    [Property]
    public bool TryDecide_Always_GivesAPropensityThatIsAProbability(Situation situation) =>
        !situation.TryDecide(out var decision) || decision!.Propensity is > 0 and <= 1 + 1e-12;

    [Property]
    public bool TryDecide_AllDraws_HaveTheirPropensityAsFrequency(Situation situation)
    {
        const int steps = 60;                                                 // divides by 1 to 5 eligible scales
        var rate = situation.Rules.ExplorationRate;
        var seen = new Dictionary<VisualScale, (double Mass, double Propensity)>();
        foreach (var (coin, mass) in new[] { (0.0, rate), (0.99, 1 - rate) })
        {
            for (var i = 0; i < steps && mass > 0; i++)
            {
                if (!(situation with { Draw = new(coin, (i + 0.5) / steps) }).TryDecide(out var decision)) return true;
                var before = seen.GetValueOrDefault(decision!.Scale).Mass;
                seen[decision.Scale] = (before + mass / steps, decision.Propensity);
            }
        }

        return seen.Values.All(value => Math.Abs(value.Mass - value.Propensity) < 1e-9);
    }

    [Property]
    public bool TryDecide_HigherPriceWithoutEscalation_IsNeverFiner(Situation situation, Fraction one, Fraction two)
    {
        var single = situation with { Rules = situation.Rules with { Escalation = EscalationRules.Off } };
        int Chosen(double price) => TokensUnder(single, Costs.Economy(price));
        return Chosen(Math.Max(one.Value, two.Value)) <= Chosen(Math.Min(one.Value, two.Value));
    }

    [Property]
    public bool TryDecide_LooserCap_NeverLowersTheValue(Situation situation, Fraction size)
    {
        var cap = 1 + (long)(899 * size.Value);
        var tight = situation with
        {
            Rules = situation.Rules with { Policy = Costs.Economy(0.0005), ExplorationRate = 0, Caps = new Caps(cap, null) },
            Prediction = situation.Prediction ?? Costs.Prediction(0.1f, 0.2f, 0.3f, 0.4f, 0.5f),
        };
        var loose = tight with { Rules = tight.Rules with { Caps = new Caps(cap * 2, null) } };
        return !tight.TryDecide(out var before) || (loose.TryDecide(out var after) && Best(after!) >= Best(before!));

        static double Best(ScaleDecision decision) => ScaleWorth.Best(decision.Weighed).Value;
    }

    [Property]
    public bool TryDecide_Deadline_DropsWhatIsTooSlowButNeverAllScales(Situation situation)
    {
        if (!situation.TryDecide(out var decision) || situation.Rules.Policy is Policy.Fixed) return true;
        return decision!.Scale == situation.Fitting.First() || !(situation.Estimates[decision.Scale.Rung].Seconds > situation.Remaining?.TotalSeconds);
    }

    [Property]
    public bool TryDecide_FeaturesReportedAndSafeScale_DoNotMatterWithAPrediction(Situation situation)
    {
        if (situation.Prediction is null) return true;
        var other = situation with
        {
            Rules = situation.Rules with { SafeScale = VisualScale.Of(9) },
            Prediction = situation.Prediction with { Features = [], Reported = new float[5] },
        };
        return situation.TryDecide(out var one) == other.TryDecide(out var two)
            && (one?.Scale, one?.Reason, one?.Propensity) == (two?.Scale, two?.Reason, two?.Propensity);
    }

    private static int TokensUnder(Situation situation, Policy policy) =>
        (situation with { Rules = situation.Rules with { Policy = policy, ExplorationRate = 0 } }).TryDecide(out var decision) ? decision!.Scale.Tokens : 0;
}
