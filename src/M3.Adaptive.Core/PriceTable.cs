namespace M3.Adaptive.Core;

/// <summary>A promise that calibration data bears out: answers by this price keep to the risk.</summary>
/// <param name="Risk">Share of questions, 0 to 1, by which wrong answers may outnumber those of always using the finest scale.</param>
/// <param name="Delta">Probability, 0 to 1, that the calibration data were so lucky that the promise does not hold.</param>
/// <param name="PricePerVisualToken">Success probability that one visual token costs; 0 or more.</param>
public sealed record RiskPrice(double Risk, double Delta, double PricePerVisualToken);

/// <summary>What a question of the calibration data was charged on average at a price.</summary>
/// <param name="MeanVisualTokens">Visual tokens a question; 1 or more.</param>
/// <param name="PricePerVisualToken">Success probability that one visual token costs; 0 or more.</param>
public sealed record TargetPrice(double MeanVisualTokens, double PricePerVisualToken);

/// <summary>At what prices promises hold: fitted on calibration data, for one model and one predictor.</summary>
/// <param name="Risks">One for each guaranteed risk, smallest first; empty when nothing is guaranteed.</param>
/// <param name="Targets">Smallest spend first; empty only without a predictor.</param>
public sealed record PriceTable(IReadOnlyList<RiskPrice> Risks, IReadOnlyList<TargetPrice> Targets)
{
    public static PriceTable Empty { get; } = new([], []);

    /// <summary>The largest guaranteed risk that is not above the one asked for: nothing is interpolated. Null when each is above it.</summary>
    public RiskPrice? ForRisk(double risk) => Risks.LastOrDefault(guaranteed => guaranteed.Risk <= risk);

    /// <summary>The largest spend that is not above the one asked for, or else the smallest; null without a predictor.</summary>
    public TargetPrice? ForTarget(double meanVisualTokens) =>
        Targets.LastOrDefault(spend => spend.MeanVisualTokens <= meanVisualTokens) ?? (Targets is [var least, ..] ? least : null);
}
