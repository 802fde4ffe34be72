using M3.Adaptive.Core;

namespace M3.Adaptive.Routing.Decision;

/// <summary>In what costs are counted.</summary>
public enum CostUnit
{
    /// <summary>Visual tokens given to the language model.</summary>
    VisualTokens = 0,

    /// <summary>10^9 floating-point operations of the language model.</summary>
    Gigaflops = 1,

    /// <summary>Wall-clock seconds of the language model.</summary>
    Seconds = 2,
}

/// <summary>What cost weighs against success.</summary>
/// <param name="PerUnit">Probability of a right answer that one unit of cost is worth; 0 or more, finite.</param>
public readonly record struct Price(double PerUnit, CostUnit Unit = CostUnit.VisualTokens)
{
    public static Price Free => default;

    /// <summary>The cost in this price's unit.</summary>
    public double Amount(MeanCost cost) => Unit switch
    {
        CostUnit.VisualTokens => cost.VisualTokens,
        CostUnit.Gigaflops => cost.Flops / 1e9,
        CostUnit.Seconds => cost.Seconds,
        _ => throw new InvalidOperationException($"{Unit} is no unit of cost."),
    };

    /// <summary>The cost as probability of a right answer.</summary>
    public double Of(Cost cost) => PerUnit * Amount(cost);
}
