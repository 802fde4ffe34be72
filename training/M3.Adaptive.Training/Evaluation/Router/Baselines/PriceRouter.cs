using M3.Adaptive.Core;
using M3.Adaptive.Training.Replay;

namespace M3.Adaptive.Training.Evaluation.Router.Baselines;

/// <summary>Runs one scale, chosen before the run: the one with the largest probability of success minus price times visual tokens.</summary>
/// <param name="success">By item, then rung.</param>
/// <param name="price">Success probability a visual token.</param>
internal sealed class PriceRouter(IReadOnlyList<float[]> success, double price) : IRouter
{
    public ScalePath Route(int item)
    {
        var best = VisualScale.Coarsest;
        foreach (var scale in VisualScale.All)
        {
            if (Value(item, scale) > Value(item, best)) best = scale;
        }

        return ScalePath.Of(best);
    }

    private double Value(int item, VisualScale scale) => success[item][scale.Rung] - price * scale.Tokens;
}
