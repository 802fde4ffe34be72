using M3.Adaptive.Core;

namespace M3.Adaptive.Training.Evaluation.Router.Measures;

/// <summary>
/// The best accuracy that choosing one scale for each item can reach at a mean cost: the oracle under a budget. Every item costs a coarsest run;
/// those that need more get it in the order of what they need.
/// </summary>
/// <param name="needs">By rung: share of the items whose cheapest right scale it is. What is missing to 1 is never right.</param>
public sealed class BestChoice(IReadOnlyList<double> needs)
{
    /// <summary>Accuracy without a budget.</summary>
    public double Accuracy { get; } = needs.Sum();

    /// <summary>Mean visual tokens that this takes.</summary>
    public double MeanCost { get; } = VisualScale.Coarsest.Tokens + VisualScale.All.Sum(scale => needs[scale.Rung] * Extra(scale));

    /// <param name="meanCost">Visual tokens an item.</param>
    public double At(double meanCost)
    {
        var (accuracy, left) = (needs[0], meanCost - VisualScale.Coarsest.Tokens);
        foreach (var scale in VisualScale.All.Skip(1))
        {
            var share = Math.Clamp(left / Extra(scale), 0, needs[scale.Rung]);
            accuracy += share;
            left -= share * Extra(scale);
        }

        return accuracy;
    }

    private static int Extra(VisualScale scale) => scale.Tokens - VisualScale.Coarsest.Tokens;
}
