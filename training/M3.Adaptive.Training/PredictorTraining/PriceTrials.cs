using M3.Adaptive.Core;
using M3.Adaptive.Training.Replay;

namespace M3.Adaptive.Training.PredictorTraining;

/// <summary>What comes of each of several prices on a label table: wrong answers beyond those of the finest scale, by picture, and spend.</summary>
public sealed class PriceTrials
{
    private readonly double[][] _loss;                                        // [price][picture]
    private readonly int[] _questions;                                        // [picture]

    public PriceTrials(Forecasts forecasts, IReadOnlyList<double> prices)
    {
        var items = forecasts.Table.Items;
        var pictures = items.Select(item => item.Image).Distinct().Index().ToDictionary(image => image.Item, image => image.Index);
        _questions = new int[pictures.Count];
        foreach (var item in items) _questions[pictures[item.Image]]++;

        var replays = prices.Select(price => Routed.All(forecasts.Table, EpisodeRouter.AtPrice(forecasts, price))).ToArray();
        MeanVisualTokens = [.. replays.Select(replay => replay.Average(item => (double)item.Charged.VisualTokens))];
        _loss = [.. replays.Select(replay =>
        {
            var loss = new double[pictures.Count];
            foreach (var (item, run) in items.Zip(replay))
                loss[pictures[item.Image]] += (item.Outcomes[VisualScale.Finest.Rung].Right ? 1 : 0) - (run.Right ? 1 : 0);
            return loss;
        })];
    }

    public int Pictures => _questions.Length;

    public int Questions => _questions.Sum();

    /// <summary>One a price.</summary>
    public IReadOnlyList<double> MeanVisualTokens { get; }

    /// <summary>One a price, computed as it is asked for.</summary>
    /// <param name="weights">How often each picture counts; once without.</param>
    public IEnumerable<PictureLosses> Losses(int[]? weights = null) => _loss.Select(loss => PictureLosses.Of(loss, _questions, weights));

    public double LossAt(int price) => _loss[price].Sum() / Questions;
}
