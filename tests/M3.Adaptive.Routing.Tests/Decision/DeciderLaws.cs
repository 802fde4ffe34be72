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
    public bool TryDecide_MoreRisk_IsNeverFiner(Situation situation, Fraction one, Fraction two)
    {
        int Chosen(double risk) => TokensUnder(situation, new Policy.Quality(risk));
        return Chosen(Math.Max(one.Value, two.Value)) <= Chosen(Math.Min(one.Value, two.Value));
    }

    [Property]
    public bool TryDecide_HigherPrice_IsNeverFiner(Situation situation, Fraction one, Fraction two)
    {
        int Chosen(double price) => TokensUnder(situation, new Policy.Economy(price));
        return Chosen(Math.Max(one.Value, two.Value)) <= Chosen(Math.Min(one.Value, two.Value));
    }

    [Property]
    public bool TryDecide_LooserCap_NeverLowersThePredictedSuccessUnderQuality(Situation situation, Fraction size)
    {
        var cap = 1 + (long)(899 * size.Value);
        var quality = situation with
        {
            Rules = situation.Rules with { Policy = new Policy.Quality(0), ExplorationRate = 0, Caps = new Caps(cap, null) },
            Prediction = situation.Prediction ?? Costs.Prediction(0.1f, 0.2f, 0.3f, 0.4f, 0.5f),
        };
        var looser = quality with { Rules = quality.Rules with { Caps = new Caps(cap * 2, null) } };
        if (!quality.TryDecide(out var tight)) return true;
        // Once the finest one's success is reached, a looser cap may only save.
        double Reached(ScaleDecision decision) => Math.Min(quality.Prediction.At(decision.Scale), quality.Prediction.At(VisualScale.Finest));
        return looser.TryDecide(out var loose) && Reached(loose!) >= Reached(tight!);
    }

    [Property]
    public bool TryDecide_EscalationFeaturesAndSafeScale_DoNotMatterWithAPrediction(Situation situation)
    {
        if (situation.Prediction is null) return true;
        var other = situation with
        {
            Rules = situation.Rules with { Escalation = new(4, 0.9, 0.5), SafeScale = VisualScale.Of(9) },
            Prediction = situation.Prediction with { Features = [] },
            Estimates = [.. situation.Estimates.Select(cost => cost with { Seconds = cost.Seconds * 7 })],
        };
        return situation.TryDecide(out var one) == other.TryDecide(out var two) && one == two;
    }

    private static int TokensUnder(Situation situation, Policy policy) =>
        (situation with { Rules = situation.Rules with { Policy = policy, ExplorationRate = 0 } }).TryDecide(out var decision) ? decision!.Scale.Tokens : 0;
}
