using FsCheck.Fluent;
using M3.Adaptive.Core;
using M3.Adaptive.Routing.Budget;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Tests.Doubles;
using Xunit;

namespace M3.Adaptive.Routing.Tests.Decision;

public sealed class DeciderLaws
{
    [Fact]
    public void TryDecide_Always_StaysWithinBoundsAndCaps() =>
        Situations.Hold(situation => !situation.TryDecide(out var decision) || situation.Fitting.Contains(decision!.Scale));

    [Fact]
    public void TryDecide_SomethingFits_IsNotRefused() =>
        Situations.Hold(situation => situation.TryDecide(out _) == situation.Fitting.Any());

    [Fact]
    public void TryDecide_Always_GivesAPropensityThatIsAProbability() =>
        Situations.Hold(situation => !situation.TryDecide(out var decision) || decision!.Propensity is > 0 and <= 1 + 1e-12);

    [Fact]
    public void TryDecide_AllDraws_HaveTheirPropensityAsFrequency() => Situations.Hold(situation =>
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
    });

    [Fact]
    public void TryDecide_MoreRisk_IsNeverFiner() => Situations.Hold(Situations.Unit.Two(), (situation, risks) =>
    {
        int Chosen(double risk) =>
            (situation with { Rules = situation.Rules with { Policy = new Policy.Quality(risk), ExplorationRate = 0 } })
                .TryDecide(out var decision) ? decision!.Scale.Tokens : 0;
        return Chosen(Math.Max(risks.Item1, risks.Item2)) <= Chosen(Math.Min(risks.Item1, risks.Item2));
    });

    [Fact]
    public void TryDecide_HigherPrice_IsNeverFiner() => Situations.Hold(Situations.Unit.Two(), (situation, prices) =>
    {
        int Chosen(double price) =>
            (situation with { Rules = situation.Rules with { Policy = new Policy.Economy(price), ExplorationRate = 0 } })
                .TryDecide(out var decision) ? decision!.Scale.Tokens : 0;
        return Chosen(Math.Max(prices.Item1, prices.Item2)) <= Chosen(Math.Min(prices.Item1, prices.Item2));
    });

    [Fact]
    public void TryDecide_LooserCap_NeverLowersThePredictedSuccessUnderQuality() => Situations.Hold(Gen.Choose(1, 900), (situation, cap) =>
    {
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
    });

    [Fact]
    public void TryDecide_EscalationFeaturesAndSafeScale_DoNotMatterWithAPrediction() => Situations.Hold(situation =>
    {
        if (situation.Prediction is null) return true;
        var other = situation with
        {
            Rules = situation.Rules with { Escalation = new(4, 0.9, 0.5), SafeScale = VisualScale.Of(9) },
            Prediction = situation.Prediction with { Features = [] },
            Estimates = [.. situation.Estimates.Select(cost => cost with { Seconds = cost.Seconds * 7 })],
        };
        return situation.TryDecide(out var one) == other.TryDecide(out var two) && one == two;
    });
}
