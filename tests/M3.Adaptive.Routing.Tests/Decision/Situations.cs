using FsCheck;
using FsCheck.Fluent;
using M3.Adaptive.Core;
using M3.Adaptive.Routing.Budget;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Escalation;
using M3.Adaptive.Routing.Tests.Doubles;

namespace M3.Adaptive.Routing.Tests.Decision;

/// <summary>Anything that a decision may be asked about.</summary>
internal sealed record Situation(RoutingRules Rules, ScalePrediction? Prediction, Cost[] Estimates, ExplorationDraw Draw)
{
    public bool TryDecide(out ScaleDecision? decision) => Decider.TryDecide(Rules, Prediction, Estimates, Draw, out decision, out _);

    public IEnumerable<VisualScale> Fitting => VisualScale.All.Where(scale => Rules.InBounds(scale) && Rules.Caps.Allow(Estimates[scale.Rung]));
}

internal static class Situations
{
    public static Gen<double> Unit { get; } = Gen.Choose(0, 1000).Select(value => value / 1000.0);

    private static Gen<ScalePrediction?> Predictions { get; } = Gen.Frequency(
        (1, Gen.Constant<ScalePrediction?>(null)),
        (5, Unit.Select(value => (float)value).ArrayOf(5).Select(values => (ScalePrediction?)Costs.Prediction(values))));

    private static Gen<Policy> Policies { get; } = Gen.OneOf(
        Unit.Select(risk => (Policy)new Policy.Quality(risk)),
        Unit.Select(price => (Policy)new Policy.Economy(price / 100)),
        Gen.Elements<VisualScale>(VisualScale.All).Select(scale => (Policy)new Policy.Fixed(scale)));

    private static Gen<Caps> AllCaps { get; } =
        from tokens in Gen.OneOf(Gen.Constant<long?>(null), Gen.Choose(1, 900).Select(value => (long?)value))
        from flops in Gen.OneOf(Gen.Constant<double?>(null), Gen.Choose(1, 900_000).Select(value => (double?)value))
        select new Caps(tokens, flops);

    public static Gen<Situation> Any { get; } =
        from policy in Policies
        from a in Gen.Elements<VisualScale>(VisualScale.All)
        from b in Gen.Elements<VisualScale>(VisualScale.All)
        from caps in AllCaps
        from max in Gen.Choose(0, 4)
        from threshold in Unit
        from gain in Unit
        from rate in Gen.Elements(0, 0.1, 0.5)
        from prediction in Predictions
        from newTokens in Gen.Choose(1, 200)
        from coin in Unit
        from choice in Gen.Choose(0, 999)
        let only = (policy as Policy.Fixed)?.Scale
        let rules = new RoutingRules
        {
            Policy = policy,
            Min = only ?? (a < b ? a : b),
            Max = only ?? (a < b ? b : a),
            Caps = caps,
            Escalation = only is null ? new EscalationRules(max, threshold, gain / 10) : EscalationRules.Off,
            SafeScale = VisualScale.Of(144),
            ExplorationRate = rate,
        }
        select new Situation(rules, prediction, Costs.Ladder(newTokens), new ExplorationDraw(coin * 0.999, choice / 1000.0));

    public static void Hold(Func<Situation, bool> law) => Prop.ForAll(Any.ToArbitrary(), law).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    public static void Hold<T>(Gen<T> other, Func<Situation, T, bool> law) =>
        Prop.ForAll((from situation in Any from value in other select (situation, value)).ToArbitrary(), both => law(both.situation, both.value))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
}
