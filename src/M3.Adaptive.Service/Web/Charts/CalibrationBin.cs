using M3.Adaptive.Core;
using M3.Adaptive.Store.Decisions;

namespace M3.Adaptive.Service.Web.Charts;

/// <summary>Answers of about the same confidence, and how many of them were right.</summary>
/// <param name="Predicted">Mean confidence, 0 to 1.</param>
/// <param name="Observed">Share that was right.</param>
/// <param name="Count">How many; 1 or more.</param>
public sealed record CalibrationBin(double Predicted, double Observed, int Count)
{
    private const int Bins = 10;

    /// <summary>Ten bins of equal width, those without an answer left out. An answer counts once for everybody who said right or wrong of it. Pure.</summary>
    public static IReadOnlyList<CalibrationBin> Of(IEnumerable<DecisionSummary> decisions) =>
    [
        .. from decision in decisions
           where decision.Path is [.., { Confidence: not null }]
           let confidence = (double)(decision.Path[^1].Confidence ?? 0)
           from said in decision.Outcomes
           where said.Verdict != Verdict.Unknown
           group (confidence, IsRight: said.Verdict == Verdict.Right) by Math.Min(Bins - 1, (int)(Bins * confidence)) into bin
           orderby bin.Key
           select new CalibrationBin(bin.Average(static one => one.confidence), bin.Average(static one => one.IsRight ? 1.0 : 0.0), bin.Count()),
    ];
}
