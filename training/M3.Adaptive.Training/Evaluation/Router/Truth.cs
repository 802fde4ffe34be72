using M3.Adaptive.Core;
using M3.Adaptive.Training.OracleLabelling;
using M3.Adaptive.Training.Replay;

namespace M3.Adaptive.Training.Evaluation.Router;

/// <summary>Forecasts of which a part is replaced by what turned out: probability 1 where the answer is right, else 0.</summary>
internal static class Truth
{
    /// <summary>Before the first run.</summary>
    public static Forecasts InStart(Forecasts forecasts) => forecasts with
    {
        Before = [.. forecasts.Before.Zip(forecasts.Table.Items, (before, item) => before with { Success = [.. VisualScale.All.Select(scale => Of(item, scale))] })],
    };

    /// <summary>After a run: of its own answer.</summary>
    public static Forecasts InConfidence(Forecasts forecasts) => After(forecasts, (run, at) => at == run);

    /// <summary>After a run: of every finer scale's answer.</summary>
    public static Forecasts InForecasts(Forecasts forecasts) => After(forecasts, (run, at) => at > run);

    private static Forecasts After(Forecasts forecasts, Func<VisualScale, VisualScale, bool> isKnown) => forecasts with
    {
        After =
        [
            .. forecasts.After.Zip(forecasts.Table.Items, (runs, item) => runs.Zip(VisualScale.All, (after, run) => after with
            {
                Success = [.. VisualScale.All.Select(at => isKnown(run, at) ? Of(item, at) : after.At(at))],
            }).ToArray()),
        ],
    };

    private static float Of(LabelItem item, VisualScale scale) => item.Outcomes[scale.Rung].Right ? 1 : 0;
}
