using M3.Adaptive.Core;

namespace M3.Adaptive.Routing.Decision;

/// <summary>What the first scale is chosen for.</summary>
public abstract record Policy
{
    private Policy()
    {
    }

    /// <summary>One scale and no other.</summary>
    public sealed record Fixed(VisualScale Scale) : Policy;

    /// <summary>The cheapest scale whose predicted success is at most a risk below that of the finest.</summary>
    /// <param name="Risk">Success probability that may be given up; 0 to 1.</param>
    public sealed record Quality(double Risk) : Policy;

    /// <summary>The scale with the largest predicted success minus price times visual tokens.</summary>
    /// <param name="PricePerVisualToken">Success probability that one visual token costs; 0 or more.</param>
    public sealed record Economy(double PricePerVisualToken) : Policy;
}
