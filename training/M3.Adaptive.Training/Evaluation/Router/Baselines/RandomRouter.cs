using M3.Adaptive.Core;
using M3.Adaptive.Predictor.Features;
using M3.Adaptive.Training.Replay;

namespace M3.Adaptive.Training.Evaluation.Router.Baselines;

/// <summary>Mixes two fixed scales blindly: a draw for each item, the same at every setting, says which it gets.</summary>
/// <param name="finerShare">Probability of the finer of the two; 0 to 1.</param>
internal sealed class RandomRouter(VisualScale coarse, VisualScale fine, double finerShare) : IRouter
{
    /// <summary>From always the coarsest to always the finest, four steps between two rungs.</summary>
    public static IEnumerable<IRouter> Settings() => VisualScale.All.Zip(VisualScale.All.Skip(1)).SelectMany(pair =>
        Enumerable.Range(0, 5).Select(step => new RandomRouter(pair.First, pair.Second, step / 4.0)));

    public ScalePath Route(int item) => ScalePath.Of(Draw(item) < finerShare ? fine : coarse);

    private static double Draw(int item) => StableHash.Mix((uint)item + 1) / (double)uint.MaxValue;
}
