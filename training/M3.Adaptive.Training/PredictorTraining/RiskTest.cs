using MathNet.Numerics.Distributions;

namespace M3.Adaptive.Training.PredictorTraining;

/// <summary>
/// Learn then Test (Angelopoulos et al. 2021) with a fixed sequence: prices are tried from the lowest up, each by the hypothesis that its
/// loss exceeds the risk, until one cannot be rejected; then all before it keep to the risk together, with probability 1 - delta.
/// Several questions about one picture count as one draw.
/// </summary>
/// <param name="risk">Mean loss that is allowed, above 0, below 1.</param>
/// <param name="delta">Probability of a wrong promise; above 0, below 0.5.</param>
public sealed class RiskTest(double risk, double delta)
{
    private readonly double _quantile = Normal.InvCDF(0, 1, 1 - delta);

    /// <summary>Pictures without any loss that a promise needs: with fewer, (1 - risk)^n is above delta.</summary>
    public int FewestPictures => (int)Math.Ceiling(Math.Log(delta) / Math.Log(1 - risk));

    /// <summary>How many prices from the lowest up pass.</summary>
    /// <param name="prices">What came of each price, lowest first.</param>
    public int Passing(IEnumerable<PictureLosses> prices) => prices.TakeWhile(Passes).Count();

    /// <summary>Whether the hypothesis that the mean loss exceeds the risk is rejected.</summary>
    public bool Passes(PictureLosses losses) => losses.Pictures >= FewestPictures && losses.Mean + _quantile * losses.StandardError <= risk;

    /// <summary>Questions with which these losses would pass, were they as often and as scattered; null when they exceed the risk anyway.</summary>
    public long? QuestionsNeeded(PictureLosses losses)
    {
        if (losses.Mean >= risk) return null;
        var growth = Math.Pow(_quantile * losses.StandardError / (risk - losses.Mean), 2);
        return (long)Math.Ceiling(losses.Questions * Math.Max(growth, (double)FewestPictures / losses.Pictures));
    }
}
