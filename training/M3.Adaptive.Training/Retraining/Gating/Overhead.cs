using M3.Adaptive.Predictor;
using M3.Adaptive.Training.OracleLabelling;

namespace M3.Adaptive.Training.Retraining.Gating;

/// <summary>What a decision takes, before a run and after one at 9 visual tokens, in microseconds.</summary>
public readonly record struct Overhead(double Champion, double Challenger)
{
    private const int Rounds = 5, MostItems = 200;

    /// <summary>
    /// Measures both by turns on the same items and keeps each item's quickest round. Other work of the machine, behind which a retraining runs, interrupts any longer
    /// stretch; a decision is over before it comes.
    /// </summary>
    /// <param name="table">At least one item.</param>
    public static Overhead Measure(TrainedPredictor champion, TrainedPredictor challenger, LabelTable table, TimeProvider clock)
    {
        LabelItem[] items = [.. table.Items.Take(MostItems)];
        double[] ofChampion = [.. items.Select(static _ => double.PositiveInfinity)], ofChallenger = [.. ofChampion];
        for (var round = 0; round < Rounds; round++)
        {
            Time(champion, ofChampion);
            Time(challenger, ofChallenger);
        }

        return new Overhead(ofChampion.Average(), ofChallenger.Average());

        void Time(TrainedPredictor predictor, double[] best)
        {
            for (var i = 0; i < items.Length; i++)
            {
                var item = items[i];
                var start = clock.GetTimestamp();
                var prior = predictor.Predict(table.ImageFeatures[item.Image], item.Question);
                predictor.AfterRun(prior, item.Question, Core.VisualScale.Of(9), item.Outcomes[1].Evidence, item.Outcomes[1].Answer);
                best[i] = Math.Min(best[i], clock.GetElapsedTime(start).TotalMicroseconds);
            }
        }
    }
}
