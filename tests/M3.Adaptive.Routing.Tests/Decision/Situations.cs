using FsCheck;
using FsCheck.Fluent;
using M3.Adaptive.Core;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Tests.Doubles;

namespace M3.Adaptive.Routing.Tests.Decision;

/// <summary>Anything that a decision may be asked about.</summary>
public sealed record Situation(RoutingRules Rules, ScalePrediction? Prediction, Cost[] Estimates, ExplorationDraw Draw, TimeSpan? Remaining)
{
    public bool TryDecide(out ScaleDecision? decision) => Decider.TryDecide(Rules, Prediction, Estimates, Draw, Remaining, out decision, out _);

    public IEnumerable<VisualScale> Fitting => Rules.InBounds.Where(scale => Rules.Room.Fits(scale) && Rules.Caps.Allow(Estimates[scale.Rung]));
}

/// <summary>A request and what each scale will answer: any forecast, any length that the estimates allow, any time left.</summary>
/// <param name="Forecasts">By rung; null is an answer that cannot be judged.</param>
/// <param name="Unused">By rung: which part of the longest answer's cost is not charged, 0 to 1.</param>
public sealed record Run(Situation Situation, AnswerForecast?[] Forecasts, double[] Unused, TimeSpan? Remaining)
{
    /// <summary>The episode as it starts and after each answer; nothing when it is refused.</summary>
    public IReadOnlyList<Episode> Play()
    {
        if (!Episode.TryStart(Situation.Rules, Situation.Prediction, Situation.Estimates, Situation.Draw, Situation.Remaining, out var episode, out _)) return [];
        List<Episode> states = [episode];
        while (states[^1].Next is { } scale && states.Count <= 2 * VisualScale.Ladder.Length)
            states.Add(states[^1].Observe(Forecasts[scale.Rung], ChargedAt(scale), Remaining));
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

    private static Gen<TimeSpan?> Times { get; } = Gen.Frequency(
        (3, Gen.Constant<TimeSpan?>(null)), (1, Gen.Choose(0, 800).Select(value => (TimeSpan?)TimeSpan.FromMilliseconds(value))));

    // From nothing to what makes every scale but the coarsest too dear.
    private static Gen<Price> Prices { get; } =
        from unit in Gen.Elements(CostUnit.VisualTokens, CostUnit.Gigaflops, CostUnit.Seconds)
        from size in Unit
        let perToken = Math.Pow(size, 3) / 50
        select new Price(unit switch { CostUnit.VisualTokens => perToken, CostUnit.Gigaflops => perToken * 1e6, _ => perToken * 1e3 }, unit);

    private static Gen<Policy> Policies(VisualScale[] ladder) => Gen.OneOf(
        Unit.Select(price => (Policy)new Policy.Quality(price < 0.2 ? null : new RiskPrice(0.01, 0.1, price / 500))),
        Prices.Select(price => (Policy)new Policy.Target(price)),
        Prices.Select(price => (Policy)new Policy.Economy(price)),
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
        from rate in Gen.Elements(0, 0.1, 0.5)
        from prediction in Predictions
        from newTokens in Gen.Choose(1, 200)
        from coin in Unit
        from choice in Gen.Choose(0, 999)
        from remaining in Times
        let only = (policy as Policy.Fixed)?.Scale
        let rules = new RoutingRules
        {
            Policy = policy,
            Min = only ?? (a < b ? a : b),
            Max = only ?? (a < b ? b : a),
            Caps = caps,
            Ladder = ladder,
            Room = room,
            Escalation = only is null ? new EscalationRules(max) : EscalationRules.Off,
            SafeScale = VisualScale.Of(144),
            ExplorationRate = rate,
        }
        select new Situation(rules, prediction, Costs.Ladder(newTokens), new ExplorationDraw(coin * 0.999, choice / 1000.0), remaining);

    public static Arbitrary<Situation> Situation() => Any.ToArbitrary();

    public static Arbitrary<Fraction> Fraction() => Unit.Select(value => new Fraction(value)).ToArbitrary();

    public static Arbitrary<Outlook> Outlook() => (
        from price in Prices
        from success in Unit.Select(value => (float)value).ArrayOf(5)
        from hand in Gen.Frequency((2, Gen.Constant<VisualScale?>(null)), (1, Gen.Elements<VisualScale>(VisualScale.All.SkipLast(1)).Select(scale => (VisualScale?)scale)))
        let finer = VisualScale.All.Where(scale => !(scale <= hand)).ToArray()
        from scales in Gen.SubListOf<VisualScale>(finer).Where(rungs => rungs.Count > 0)
        from runs in Gen.Choose(1, 5)
        from caps in AllCaps
        from remaining in Times
        from newTokens in Gen.Choose(1, 200)
        select new Outlook
        {
            Price = price,
            Success = success,
            InHand = hand,
            Scales = [.. scales.Order()],
            Estimates = Costs.Ladder(newTokens),
            Runs = runs,
            Allowance = new Allowance(caps, Cost.Zero, remaining),
        }).ToArbitrary();

    public static Arbitrary<Run> Run() => (
        from situation in Any
        from forecasts in Gen.Frequency(
            (9, Unit.Select(value => (float)value).ArrayOf(5).Select(success => (float[]?)success)), (1, Gen.Constant<float[]?>(null))).ArrayOf(5)
        from unused in Unit.ArrayOf(5)
        from remaining in Times
        select new Run(
            situation, [.. VisualScale.All.Select(scale => forecasts[scale.Rung] is { } success ? Costs.Forecast(scale, success) : null)], unused, remaining)).ToArbitrary();
}
