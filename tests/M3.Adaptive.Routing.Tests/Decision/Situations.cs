using FsCheck;
using FsCheck.Fluent;
using M3.Adaptive.Core;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Tests.Doubles;

namespace M3.Adaptive.Routing.Tests.Decision;

/// <summary>Anything that a decision may be asked about.</summary>
public sealed record Situation(RoutingRules Rules, ScalePrediction? Prediction, Cost[] Estimates, ExplorationDraw Draw)
{
    public bool TryDecide(out ScaleDecision? decision) => Decider.TryDecide(Rules, Prediction, Estimates, Draw, out decision, out _);

    public IEnumerable<VisualScale> Fitting => Rules.InBounds.Where(scale => Rules.Room.Fits(scale) && Rules.Caps.Allow(Estimates[scale.Rung]));
}

/// <summary>A request and what each scale will answer: any confidence, any length that the estimates allow, any time left.</summary>
/// <param name="Confidences">By rung; NaN is no confidence model.</param>
/// <param name="Unused">By rung: which part of the longest answer's cost is not charged, 0 to 1.</param>
public sealed record Run(Situation Situation, float[] Confidences, double[] Unused, TimeSpan? Remaining)
{
    /// <summary>The episode as it starts and after each answer; nothing when it is refused.</summary>
    public IReadOnlyList<Episode> Play()
    {
        if (!Episode.TryStart(Situation.Rules, Situation.Prediction, Situation.Estimates, Situation.Draw, out var episode, out _)) return [];
        List<Episode> states = [episode];
        while (states[^1].Next is { } scale && states.Count <= 2 * VisualScale.Ladder.Length)
            states.Add(states[^1].Observe(Confidences[scale.Rung], ChargedAt(scale), Remaining));
        return states;
    }

    private Cost ChargedAt(VisualScale scale)
    {
        var longest = Situation.Estimates[scale.Rung];
        return longest with { Flops = longest.Flops - Unused[scale.Rung] * (longest.Flops - 1000 * scale.Tokens) };
    }
}

/// <summary>0 to 1.</summary>
public readonly record struct Fraction(double Value);

/// <summary>What the laws of deciding are tried on.</summary>
public static class Situations
{
    private static Gen<double> Unit { get; } = Gen.Choose(0, 1000).Select(value => value / 1000.0);

    private static Gen<ScalePrediction?> Predictions { get; } = Gen.Frequency(
        (1, Gen.Constant<ScalePrediction?>(null)),
        (5, Unit.Select(value => (float)value).ArrayOf(5).Select(values => (ScalePrediction?)Costs.Prediction(values))));

    private static Gen<Policy> Policies(VisualScale[] ladder) => Gen.OneOf(
        Unit.Select(risk => (Policy)new Policy.Quality(risk)),
        Unit.Select(price => (Policy)new Policy.Economy(price / 100)),
        Gen.Elements(ladder).Select(scale => (Policy)new Policy.Fixed(scale)));

    private static Gen<Caps> AllCaps { get; } =
        from tokens in Gen.OneOf(Gen.Constant<long?>(null), Gen.Choose(1, 900).Select(value => (long?)value))
        from flops in Gen.OneOf(Gen.Constant<double?>(null), Gen.Choose(1, 900_000).Select(value => (double?)value))
        select new Caps(tokens, flops);

    private static Gen<VisualScale[]> Ladders { get; } = Gen.Frequency(
        (3, Gen.Constant<VisualScale[]>([.. VisualScale.All])),
        (1, Gen.SubListOf<VisualScale>(VisualScale.All).Where(rungs => rungs.Count > 0).Select(rungs => rungs.Order().ToArray())));

    private static Gen<ContextRoom> Rooms { get; } = Gen.Frequency(
        (1, Gen.Constant(ContextRoom.Unlimited)),
        (1, Gen.Choose(0, 1100).Select(text => new ContextRoom(text, 1024))));

    private static Gen<Situation> Any { get; } =
        from ladder in Ladders
        from room in Rooms
        from policy in Policies(ladder)
        from a in Gen.Elements(ladder)
        from b in Gen.Elements(ladder)
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
            Ladder = ladder,
            Room = room,
            Escalation = only is null ? new EscalationRules(max, threshold, gain / 10) : EscalationRules.Off,
            SafeScale = VisualScale.Of(144),
            ExplorationRate = rate,
        }
        select new Situation(rules, prediction, Costs.Ladder(newTokens), new ExplorationDraw(coin * 0.999, choice / 1000.0));

    public static Arbitrary<Situation> Situation() => Any.ToArbitrary();

    public static Arbitrary<Fraction> Fraction() => Unit.Select(value => new Fraction(value)).ToArbitrary();

    public static Arbitrary<Run> Run() => (
        from situation in Any
        from confidences in Gen.Frequency((9, Unit.Select(value => (float)value)), (1, Gen.Constant(float.NaN))).ArrayOf(5)
        from unused in Unit.ArrayOf(5)
        from remaining in Gen.Frequency((3, Gen.Constant<TimeSpan?>(null)), (1, Gen.Choose(0, 800).Select(value => (TimeSpan?)TimeSpan.FromMilliseconds(value))))
        select new Run(situation, confidences, unused, remaining)).ToArbitrary();
}
