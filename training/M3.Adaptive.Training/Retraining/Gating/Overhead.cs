using System.Diagnostics;
using M3.Adaptive.Predictor;
using M3.Adaptive.Training.OracleLabelling;

namespace M3.Adaptive.Training.Retraining.Gating;

/// <summary>What a decision takes, before a run and after one at 9 visual tokens, in microseconds.</summary>
public readonly record struct Overhead(double Champion, double Challenger)
{
    private const int Rounds = 5, MostItems = 200;

    /// <summary>Measures both by turns on the same items and keeps each one's quickest round, which other work of the machine disturbed least.</summary>
    /// <param name="table">At least one item.</param>
    public static Overhead Measure(TrainedPredictor champion, TrainedPredictor challenger, LabelTable table)
    {
        LabelItem[] items = [.. table.Items.Take(MostItems)];
        var best = new Overhead(double.PositiveInfinity, double.PositiveInfinity);
        for (var round = 0; round < Rounds; round++)
            best = new Overhead(Math.Min(best.Champion, Time(champion)), Math.Min(best.Challenger, Time(challenger)));
        return best;

        double Time(TrainedPredictor predictor)
        {
            var start = Stopwatch.GetTimestamp();
            foreach (var item in items)
            {
                var prior = predictor.Predict(table.ImageFeatures[item.Image], item.Question);
                predictor.AfterRun(prior, item.Question, Core.VisualScale.Of(9), item.Outcomes[1].Evidence, item.Outcomes[1].Answer);
            }

            return Stopwatch.GetElapsedTime(start).TotalMicroseconds / items.Length;
        }
    }
}
