using M3.Adaptive.CommandLine;
using M3.Adaptive.Core;
using M3.Adaptive.Training.OracleLabelling;

namespace M3.Adaptive.Training.Evaluation.Ladder;

/// <summary>How often a model says that what is asked about is not there.</summary>
/// <param name="Absent">Of the questions about what is not there.</param>
/// <param name="Present">Of all others.</param>
internal sealed record AbsenceShares(double Absent, double Present)
{
    private const string NotThere = DataGeneration.Question.NotThere;

    /// <returns>By visual tokens; null when the data asks for nothing that is not there, or for nothing else.</returns>
    public static IReadOnlyDictionary<string, AbsenceShares>? Of(IEnumerable<LabelItem> items, QuestionSet set)
    {
        var absent = set.Questions.Where(question => question.IsAnsweredBy(NotThere)).Select(question => question.Id).ToHashSet();
        var (of, others) = (items.Where(item => absent.Contains(item.Id)).ToArray(), items.Where(item => !absent.Contains(item.Id)).ToArray());
        if (of.Length == 0 || others.Length == 0) return null;
        return VisualScale.All.ToDictionary(scale => $"{scale}", scale => new AbsenceShares(Said(of, scale), Said(others, scale)));
    }

    private static double Said(LabelItem[] items, VisualScale scale) =>
        items.Average(item => string.Equals(item.Outcomes[scale.Rung].Answer, NotThere, StringComparison.OrdinalIgnoreCase) ? 1.0 : 0.0);
}
