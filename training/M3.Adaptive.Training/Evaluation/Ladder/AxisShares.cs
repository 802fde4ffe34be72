using M3.Adaptive.CommandLine;
using M3.Adaptive.Core;
using M3.Adaptive.Training.OracleLabelling;

namespace M3.Adaptive.Training.Evaluation.Ladder;

/// <summary>Accuracy of the questions along each axis of what training never saw. A question that is new in two ways counts in both.</summary>
internal static class AxisShares
{
    /// <summary>How many questions an axis has, beside its accuracies.</summary>
    public const string Items = "items";

    /// <returns>Axis, then accuracy by visual tokens and <see cref="Items"/>; null when the data names no axes.</returns>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>>? Of(IEnumerable<LabelItem> items, QuestionSet set)
    {
        var axes = set.Questions.ToDictionary(question => question.Id, question => question.Axes ?? []);
        var shares = items.SelectMany(item => axes[item.Id].Select(axis => (axis, item))).GroupBy(pair => pair.axis, pair => pair.item)
            .OrderBy(axis => axis.Key, StringComparer.Ordinal)
            .ToDictionary(axis => axis.Key, axis => (IReadOnlyDictionary<string, double>)VisualScale.All
                .Select(scale => KeyValuePair.Create($"{scale}", axis.Average(item => item.Outcomes[scale.Rung].Right ? 1.0 : 0.0)))
                .Append(KeyValuePair.Create(Items, (double)axis.Count())).ToDictionary());
        return shares.Count > 0 ? shares : null;
    }
}
