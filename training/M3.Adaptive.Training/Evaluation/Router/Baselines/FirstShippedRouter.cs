using M3.Adaptive.Core;
using M3.Adaptive.Training.Replay;

namespace M3.Adaptive.Training.Evaluation.Router.Baselines;

/// <summary>
/// The rule that was shipped first, with today's probabilities: the cheapest scale whose predicted success is at most 0.05 below that of the finest;
/// below a confidence of 0.5 the finer scale that is expected to add most for its tokens, if it adds 0.02, twice at most.
/// </summary>
internal sealed class FirstShippedRouter(Forecasts forecasts) : IRouter
{
    private const double Risk = 0.05, Threshold = 0.5, LeastGain = 0.02;
    private const int MostEscalations = 2;

    public ScalePath Route(int item)
    {
        var before = forecasts.Before[item];
        var needed = before.At(VisualScale.Finest) - Risk;
        var path = ScalePath.Of(VisualScale.All.First(scale => before.At(scale) >= needed));
        while (path.Count <= MostEscalations && Next(before, path.Last, forecasts.After[item][path.Last.Rung].At(path.Last)) is { } finer) path = path.Then(finer);
        return path;
    }

    // A run that leaves the confidence below the threshold is likely to be paid for twice, so scales expected to reach it go first.
    private static VisualScale? Next(ScalePrediction before, VisualScale here, float confidence)
    {
        double Gain(VisualScale finer) => (1 - confidence) * Math.Max(0, (before.At(finer) - before.At(here)) / (1 - before.At(here)));

        if (confidence >= Threshold) return null;
        VisualScale[] worthwhile = [.. VisualScale.All.Where(scale => scale > here && Gain(scale) > LeastGain)];
        if (worthwhile is []) return null;
        VisualScale[] settling = [.. worthwhile.Where(scale => confidence + Gain(scale) >= Threshold)];
        return (settling is [] ? worthwhile : settling).MaxBy(scale => Gain(scale) / scale.Tokens);
    }
}
