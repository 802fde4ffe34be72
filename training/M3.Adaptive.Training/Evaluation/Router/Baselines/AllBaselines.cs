using M3.Adaptive.Core;
using M3.Adaptive.Training.OracleLabelling;
using M3.Adaptive.Training.Replay;

namespace M3.Adaptive.Training.Evaluation.Router.Baselines;

/// <summary>Everything that the router is compared with, behind one interface.</summary>
internal static class AllBaselines
{
    /// <summary>Name of the cascade on the predictor's confidence, the strongest baseline.</summary>
    public const string Cascade = "cascade";

    /// <param name="forecasts">The predictor's, on the judged table.</param>
    /// <param name="known">Labels of the same model to fit what must be fitted; null leaves these methods out.</param>
    public static IReadOnlyList<Method> Of(Forecasts forecasts, LabelTable? known)
    {
        var table = forecasts.Table;
        float Confidence(int item, VisualScale scale) => forecasts.After[item][scale.Rung].At(scale);
        double LeastLikelyToken(int item, VisualScale scale) => Math.Exp(table.Items[item].Outcomes[scale.Rung].Evidence.Values[3]);

        return
        [
            .. VisualScale.All.Select(scale => new Method($"{scale}", $"always {scale}", [new Always(scale)])),
            new("random", "two neighbouring scales mixed at random", [.. RandomRouter.Settings()]),
            Priced("headsBeforeRun", "heads before the run only", [.. forecasts.Before.Select(before => before.Success)]),
            .. known is null ? (Method[])[] :
            [
                Priced("questionOnly", "heads that see the question only", PartialHeads.QuestionOnly(known, table)),
                Priced("pictureOnly", "heads that see the picture only", PartialHeads.PictureOnly(known, table)),
                Priced("nearest", "50 nearest labelled items", new NearestItems(known).SuccessOn(table)),
            ],
            Cascaded(Cascade, "9, 36, 144 while the confidence is low", (item, scale) => Confidence(item, scale), VisualScale.Of(144)),
            Cascaded("cascadeToFinest", "9, 36, 144, 576 while the confidence is low", (item, scale) => Confidence(item, scale), VisualScale.Finest),
            Cascaded("tokenCascade", "9, 36, 144 while the least likely token is unlikely", LeastLikelyToken, VisualScale.Of(144)),
            new("firstShipped", "the rule that was shipped first", [new FirstShippedRouter(forecasts)]),
            new("oracle", "knows the answers", [new OracleRouter(table, monotone: false)]),
            new("monotoneOracle", "knows which answers stay right", [new OracleRouter(table, monotone: true)]) { IsMonotone = true },
        ];
    }

    private static Method Priced(string name, string title, IReadOnlyList<float[]> success) =>
        new(name, title, [.. Method.Prices.Select(price => new PriceRouter(success, price))]);

    private static Method Cascaded(string name, string title, Func<int, VisualScale, double> confidence, VisualScale finest) =>
        new(name, title, [.. Method.Thresholds.Select(threshold => new CascadeRouter(confidence, threshold, finest))]);
}
