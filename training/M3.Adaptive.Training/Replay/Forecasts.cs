using M3.Adaptive.Core;
using M3.Adaptive.Predictor;
using M3.Adaptive.Training.OracleLabelling;

namespace M3.Adaptive.Training.Replay;

/// <summary>What a predictor says of every item of a table, before any run and after each scale's: computed once, looked up by many routers.</summary>
/// <param name="Before">By item.</param>
/// <param name="After">By item, then rung: after a run at that scale, its answer whole.</param>
public sealed record Forecasts(LabelTable Table, IReadOnlyList<ScalePrediction> Before, IReadOnlyList<IReadOnlyList<AnswerForecast>> After)
{
    public static Forecasts Of(LabelTable table, IForecaster predictor)
    {
        var before = new ScalePrediction[table.Items.Count];
        var after = new AnswerForecast[table.Items.Count][];
        Parallel.For(0, before.Length, i =>
        {
            var item = table.Items[i];
            var prior = before[i] = predictor.Predict(table.ImageFeatures[item.Image], item.Question);
            after[i] = [.. VisualScale.All.Select(scale => predictor.AfterRun(
                prior, item.Question, scale, item.Outcomes[scale.Rung].Evidence, item.Outcomes[scale.Rung].Answer))];
        });
        return new Forecasts(table, before, after);
    }

    /// <summary>Both tables' items, whose pictures are told apart even where they have the same name.</summary>
    public Forecasts Joined(Forecasts other)
    {
        var images = Table.ImageFeatures.ToDictionary();
        foreach (var (image, features) in other.Table.ImageFeatures) images[Renamed(image)] = features;
        var items = Table.Items.Concat(other.Table.Items.Select(item => item with { Id = Renamed(item.Id), Image = Renamed(item.Image) }));
        return new Forecasts(new LabelTable(Table.Header, images, [.. items]), [.. Before, .. other.Before], [.. After, .. other.After]);

        static string Renamed(string name) => $"other/{name}";
    }
}
