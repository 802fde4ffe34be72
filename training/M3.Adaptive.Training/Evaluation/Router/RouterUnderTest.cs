using M3.Adaptive.Core;
using M3.Adaptive.Routing;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Wishes;
using M3.Adaptive.Training.Evaluation.Router.Baselines;
using M3.Adaptive.Training.Replay;

namespace M3.Adaptive.Training.Evaluation.Router;

/// <summary>The product's router on one table, as the service runs it: by its default policy, at mean costs, and at every price.</summary>
/// <param name="Default">The policy of a request that names none.</param>
/// <param name="Targets">By the mean visual tokens asked for.</param>
/// <param name="Priced">At <see cref="Method.Prices"/>.</param>
public sealed record RouterUnderTest(IRouter Default, IReadOnlyDictionary<int, IRouter> Targets, IReadOnlyList<IRouter> Priced)
{
    /// <summary>Mean visual tokens at which routers are compared.</summary>
    public static IReadOnlyList<int> OperatingPoints { get; } = [10, 20, 40, 58, 80, 160];

    /// <param name="forecasts">The predictor's, on the judged table.</param>
    /// <param name="prices">At what prices the predictor keeps promises.</param>
    public static RouterUnderTest Of(Forecasts forecasts, PriceTable prices, RoutingOptions options)
    {
        IRouter By(RoutingWish wish) => new EpisodeRouter(forecasts, WishResolver.Resolve(wish, options, new EscalationOptions(), prices) with { ExplorationRate = 0 });

        return new RouterUnderTest(
            By(RoutingWish.Default),
            OperatingPoints.ToDictionary(target => target, target => By(new RoutingWish { Policy = new PolicyWish.Target(target) })),
            [.. Method.Prices.Select(price => EpisodeRouter.AtPrice(forecasts, price))]);
    }
}
