using M3.Adaptive.Training.Evaluation.Router.Baselines;
using M3.Adaptive.Training.Evaluation.Router.Measures;
using M3.Adaptive.Training.Replay;
using M3.Adaptive.Training.Statistics;

namespace M3.Adaptive.Training.Retraining.Gating;

/// <summary>Two predictors at every price on the same items, so that their accuracies can be compared at the same mean cost, in the same draws of pictures.</summary>
internal sealed class EqualCost
{
    private readonly PictureResampling _worlds;
    private readonly Curve _champion, _challenger;

    public EqualCost(Duel duel, int draws)
    {
        _worlds = new PictureResampling(duel.Table.Items.Select(item => item.Image), draws);
        (_champion, _challenger) = (Of(duel.Champion), Of(duel.Challenger));
    }

    /// <summary>The challenger's accuracy minus the champion's, in each draw of pictures, the one that happened first: the mean over these costs.</summary>
    public double[] Advantage(params IReadOnlyList<double> tokens)
    {
        var advantage = new double[_worlds.Worlds];
        Parallel.For(0, advantage.Length, world =>
        {
            var (champion, challenger) = (_champion.In(world), _challenger.In(world));
            advantage[world] = tokens.Average(at => challenger.At(at) - champion.At(at));
        });
        return advantage;
    }

    /// <summary>The value that a share of the draws stays below.</summary>
    public static double Quantile(double[] worlds, double share)
    {
        double[] drawn = [.. worlds[1..].Order()];
        return drawn[Math.Clamp((int)(share * drawn.Length), 0, drawn.Length - 1)];
    }

    private Curve Of(Forecasts forecasts) =>
        new([.. Method.Prices.AsParallel().AsOrdered().Select(price => new Measured(_worlds, Routed.All(forecasts.Table, EpisodeRouter.AtPrice(forecasts, price))))]);
}
