using M3.Adaptive.Core;
using M3.Adaptive.Training.Replay;

namespace M3.Adaptive.Training.Evaluation.Router.Baselines;

/// <summary>Begins at 9 and goes on, rung by rung, while a measure of confidence in the latest answer is below one threshold.</summary>
/// <param name="confidence">Of an item's answer at a scale.</param>
/// <param name="finest">Where it ends at the latest.</param>
internal sealed class CascadeRouter(Func<int, VisualScale, double> confidence, double threshold, VisualScale finest) : IRouter
{
    private static readonly VisualScale Begin = VisualScale.Of(9);

    public ScalePath Route(int item)
    {
        var path = ScalePath.Of(Begin);
        while (path.Last < finest && confidence(item, path.Last) < threshold) path = path.Then(VisualScale.All[path.Last.Rung + 1]);
        return path;
    }
}
