using M3.Adaptive.Core;
using M3.Adaptive.Predictor;
using M3.Adaptive.Predictor.Artifact;
using M3.Adaptive.Training.OracleLabelling;
using M3.Adaptive.Training.Replay;

namespace M3.Adaptive.Training.PredictorTraining;

/// <summary>Finds the prices of promises by replaying calibration labels: which risks are guaranteed at which, and what is spent at each.</summary>
public static class PriceFitter
{
    /// <summary>Fits to pictures drawn again that check a promise.</summary>
    public const int Redraws = 200;

    /// <summary>Prices tried for a guarantee, lowest first: chosen before any label is seen, as the test demands.</summary>
    public static IReadOnlyList<double> Sequence { get; } = Geometric(2e-5, 2e-3, 24);

    /// <summary>Risks that are tried: shares of questions.</summary>
    public static IReadOnlyList<double> Risks { get; } = [0.0025, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05];

    private static IReadOnlyList<double> Spends { get; } = Geometric(1e-5, 0.2, 200);

    /// <exception cref="PredictorException">A risk that is required is not borne out; says how many questions are needed.</exception>
    public static FittedPrices Fit(PredictorArtifact artifact, string modelHash, LabelTable calibration, PredictorTrainingOptions options)
    {
        var predictor = new TrainedPredictor(artifact, modelHash);
        var (others, aside) = (
            new PriceTrials(Forecasts.Of(PicturesAside.Others(calibration), predictor), Sequence),
            new PriceTrials(Forecasts.Of(PicturesAside.Aside(calibration), predictor), Sequence));
        RiskFit[] fits = [.. Risks.Union(options.RequiredRisks).Order().Select(risk => Fit(risk, others, aside, options))];
        if (fits.FirstOrDefault(fit => !fit.IsGuaranteed && options.RequiredRisks.Contains(fit.Risk)) is { } refused)
            throw new PredictorException($"A risk of {refused.Risk} cannot be guaranteed with probability {1 - options.Delta:0.###}: {WhyNot(refused)}.");
        return new FittedPrices(artifact.PricedContent, options.Delta, fits, Targets(Forecasts.Of(calibration, predictor)));
    }

    /// <summary>Why a risk is not guaranteed, and what helps.</summary>
    public static string WhyNot(RiskFit fit) => fit switch
    {
        { PricePerVisualToken: not null } => $"in only {fit.Held} of {fit.Redraws} redraws the pictures kept aside agreed; label more calibration questions",
        { QuestionsNeeded: { } needed } => $"about {needed} calibration questions are needed",
        _ => "even the lowest price makes more answers wrong; no number of questions is enough",
    };

    /// <summary>How many of the redraws must hold, so that luck explains the others.</summary>
    public static int MustHold(double delta) => (int)Math.Ceiling(Redraws * (1 - delta) - 2 * Math.Sqrt(Redraws * delta * (1 - delta)));

    private static RiskFit Fit(double risk, PriceTrials others, PriceTrials aside, PredictorTrainingOptions options)
    {
        var test = new RiskTest(risk, options.Delta);
        var passing = test.Passing(others.Losses());
        var held = Held(test, risk, others, aside, options.Seed);
        if (passing == 0)
        {
            var needed = test.QuestionsNeeded(others.Losses().First()) * (others.Questions + aside.Questions) / others.Questions;
            return new(risk, false, null, 0, VisualScale.Finest.Tokens, 0, held, Redraws, needed);
        }

        var chosen = passing - 1;
        return new(
            risk, held >= MustHold(options.Delta), Sequence[chosen], Rounded(others.LossAt(chosen)), Rounded(others.MeanVisualTokens[chosen]),
            Rounded(aside.LossAt(chosen)), held, Redraws, null);
    }

    /// <summary>
    /// In how many of <see cref="Redraws"/> a promise holds: pictures are drawn again with replacement, the price is fitted to them, and its loss is seen on
    /// pictures kept aside.
    /// </summary>
    /// <param name="others">What is drawn from, at the prices of <see cref="Sequence"/>.</param>
    /// <param name="aside">Where the loss is seen, at the same prices.</param>
    public static int Held(RiskTest test, double risk, PriceTrials others, PriceTrials aside, int seed)
    {
        var random = new Random(seed);
        return Enumerable.Range(0, Redraws).Count(_ =>
        {
            var weights = new int[others.Pictures];
            for (var i = 0; i < weights.Length; i++) weights[random.Next(weights.Length)]++;
            var passing = test.Passing(others.Losses(weights));
            return passing == 0 || aside.LossAt(passing - 1) <= risk;       // without a price the finest scale is used, which loses nothing
        });
    }

    private static IReadOnlyList<TargetPrice> Targets(Forecasts forecasts)
    {
        List<TargetPrice> targets = [];
        foreach (var price in Spends.Reverse())
        {
            var spent = Rounded(Routed.All(forecasts.Table, EpisodeRouter.AtPrice(forecasts, price)).Average(item => (double)item.Charged.VisualTokens));
            if (targets is [] || spent > targets[^1].MeanVisualTokens) targets.Add(new(spent, price));
        }

        return targets;
    }

    private static double Rounded(double value) => Math.Round(value, 6);

    // To six digits, which is what the file shows.
    private static double[] Geometric(double first, double last, int count) =>
        [.. Enumerable.Range(0, count).Select(i => double.Parse($"{first * Math.Pow(last / first, i / (count - 1.0)):E5}"))];
}
