using M3.Adaptive.Core;
using M3.Adaptive.Training.Replay;
using M3.Adaptive.Training.Statistics;

namespace M3.Adaptive.Training.Evaluation.Router.Measures;

/// <summary>What the predictor says about one scale.</summary>
/// <param name="Before">Before any run: will the answer be right.</param>
/// <param name="Confidence">After the run: is it right, as routing sees it.</param>
/// <param name="Reported">The same, corrected for the unfamiliar, as replies say it.</param>
public sealed record ScaleCredibility(Credibility Before, Credibility Confidence, Credibility Reported)
{
    public static ScaleCredibility Of(PictureResampling worlds, Forecasts forecasts, VisualScale scale)
    {
        bool[] right = [.. forecasts.Table.Items.Select(item => item.Outcomes[scale.Rung].Right)];
        return new ScaleCredibility(
            Credibility.Of(worlds, [.. forecasts.Before.Select(before => before.At(scale))], right),
            Credibility.Of(worlds, [.. forecasts.After.Select(after => after[scale.Rung].At(scale))], right),
            Credibility.Of(worlds, [.. forecasts.After.Select(after => after[scale.Rung].Reported[scale.Rung])], right));
    }
}
