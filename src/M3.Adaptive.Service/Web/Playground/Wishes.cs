using M3.Adaptive.Core;
using M3.Adaptive.Routing;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Wishes;

namespace M3.Adaptive.Service.Web.Playground;

/// <summary>How the scale is to be chosen.</summary>
public enum PolicyChoice
{
    Quality = 0,
    Target = 1,
    Economy = 2,
    Fixed = 3,
}

/// <summary>What the playground's controls stand at, in the API's own fields. Nothing is checked here: requests are.</summary>
public sealed class Wishes
{
    /// <summary>What a request is charged that runs every scale: a cap of so much is none.</summary>
    public static readonly int NoCap = VisualScale.All.Sum(static scale => scale.Tokens);

    public string Question { get; set; } = "";

    /// <summary>Visual tokens, 1 to <see cref="NoCap"/>.</summary>
    public int Cap { get; set; } = NoCap;

    public PolicyChoice Policy { get; set; }

    public double Risk { get; set; }

    public double MeanVisualTokens { get; set; }

    public double PricePerVisualToken { get; set; }

    /// <summary>Visual tokens of the fixed scale.</summary>
    public int Scale { get; set; } = VisualScale.Finest.Tokens;

    /// <summary>The API's field; null is unset.</summary>
    public int? MaxVisualTokens => Cap < NoCap ? Cap : null;

    /// <summary>Controls that stand at the server's own defaults.</summary>
    public static Wishes Default(RoutingOptions routing) => new()
    {
        Policy = routing.Policy switch
        {
            DefaultPolicy.Economy => PolicyChoice.Economy,
            DefaultPolicy.Target => PolicyChoice.Target,
            _ => PolicyChoice.Quality,
        },
        Risk = routing.Risk,
        MeanVisualTokens = routing.TargetVisualTokens,
        PricePerVisualToken = routing.PricePerVisualToken,
    };

    public RoutingWish ToWish() => new()
    {
        Policy = Policy switch
        {
            PolicyChoice.Target => new PolicyWish.Target(MeanVisualTokens),
            PolicyChoice.Economy => new PolicyWish.Economy(PricePerVisualToken),
            PolicyChoice.Fixed => new PolicyWish.Fixed(Scale),
            _ => new PolicyWish.Quality(Risk),
        },
        Caps = new Caps(MaxVisualTokens, Flops: null),
    };

    public Wishes Copy() => (Wishes)MemberwiseClone();
}
