using M3.Adaptive.Core;
using M3.Adaptive.Predictor;
using M3.Adaptive.Training.OracleLabelling;

namespace M3.Adaptive.Training.Evaluation.Router;

/// <summary>What a predictor says about every item of a table, asked once: replays under many prices share it. For one thread.</summary>
public sealed class ForecastTable(LabelTable table, IForecaster predictor)
{
    private readonly ScalePrediction?[] _before = new ScalePrediction?[table.Items.Count];
    private readonly AnswerForecast?[,] _after = new AnswerForecast?[table.Items.Count, VisualScale.Ladder.Length];

    public LabelTable Table => table;

    /// <summary>Before any run of an item, named by its index.</summary>
    public ScalePrediction Before(int item) =>
        _before[item] ??= predictor.Predict(table.ImageFeatures[table.Items[item].Image], table.Items[item].Question);

    /// <summary>Given the whole answer at a scale.</summary>
    public AnswerForecast After(int item, VisualScale scale)
    {
        var (question, outcome) = (table.Items[item].Question, table.Items[item].Outcomes[scale.Rung]);
        return _after[item, scale.Rung] ??= predictor.AfterRun(Before(item), question, scale, outcome.Evidence, outcome.Answer);
    }
}
