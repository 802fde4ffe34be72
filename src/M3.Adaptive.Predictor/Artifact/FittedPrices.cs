using M3.Adaptive.Core;

namespace M3.Adaptive.Predictor.Artifact;

/// <summary>At what prices promises hold, and how that was found: <c>prices.json</c>.</summary>
/// <param name="Predictor">SHA-256 of the model's hash and the other files' hashes: for any other predictor or model the prices are void.</param>
/// <param name="Delta">Probability that a guarantee does not hold, 0 to 1.</param>
/// <param name="Risks">Each risk that was tried, smallest first.</param>
/// <param name="Targets">Mean spends, smallest first.</param>
public sealed record FittedPrices(string Predictor, double Delta, IReadOnlyList<RiskFit> Risks, IReadOnlyList<TargetPrice> Targets)
{
    /// <summary>What routing is given: guaranteed risks only.</summary>
    public PriceTable Table() => new(
        [.. Risks.Where(fit => fit.IsGuaranteed).Select(fit => new RiskPrice(fit.Risk, Delta, fit.PricePerVisualToken ?? 0))], Targets);
}

/// <summary>Whether a risk is guaranteed, on calibration labels.</summary>
/// <param name="Risk">Share of questions by which wrong answers may outnumber those of the finest scale, 0 to 1.</param>
/// <param name="IsGuaranteed">Whether the test was passed and the check on pictures kept aside, too.</param>
/// <param name="PricePerVisualToken">The largest price that passed the test; null when none did.</param>
/// <param name="Loss">By how much wrong answers outnumbered those of the finest scale at that price, as a share of questions; 0 without a price.</param>
/// <param name="MeanVisualTokens">What a question was charged at that price; the finest scale's without one.</param>
/// <param name="LossAside">The loss on the pictures kept aside.</param>
/// <param name="Held">In how many of <paramref name="Redraws"/> fits to pictures drawn again the loss on those kept aside stayed within the risk.</param>
/// <param name="QuestionsNeeded">How many calibration questions, those aside included, the test would need to pass; null when it passed, or when no number is enough.</param>
public sealed record RiskFit(
    double Risk,
    bool IsGuaranteed,
    double? PricePerVisualToken,
    double Loss,
    double MeanVisualTokens,
    double LossAside,
    int Held,
    int Redraws,
    long? QuestionsNeeded);
