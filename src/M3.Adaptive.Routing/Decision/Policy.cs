using M3.Adaptive.Core;

namespace M3.Adaptive.Routing.Decision;

/// <summary>What scales are chosen for: a policy other than a fixed scale comes down to a price.</summary>
public abstract record Policy(Price Price)
{
    /// <summary>One scale and no other.</summary>
    public sealed record Fixed(VisualScale Scale) : Policy(Price.Free);

    /// <summary>Hardly more wrong answers than always the finest scale, at the price by which that is guaranteed.</summary>
    /// <param name="Guarantee">Null when nothing is guaranteed for the risk asked for: then the finest scale is used.</param>
    public sealed record Quality(RiskPrice? Guarantee) : Policy(new Price(Guarantee?.PricePerVisualToken ?? 0));

    /// <summary>A mean spend, at the price that came to it on calibration data.</summary>
    public sealed record Target(Price Price) : Policy(Price);

    /// <summary>The price itself.</summary>
    public sealed record Economy(Price Price) : Policy(Price);
}
