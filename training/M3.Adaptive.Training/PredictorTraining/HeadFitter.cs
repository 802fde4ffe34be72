using System.Globalization;
using M3.Adaptive.Predictor;
using M3.Adaptive.Predictor.Trees;
using M3.Adaptive.Training.PredictorTraining.XGBoost;

namespace M3.Adaptive.Training.PredictorTraining;

/// <summary>Fits one boosted classifier with XGBoost.</summary>
internal static class HeadFitter
{
    /// <param name="rows">Row-major features.</param>
    /// <exception cref="PredictorException">The library is not installed.</exception>
    /// <returns>The model in XGBoost's JSON format and the same ready to use.</returns>
    public static (byte[] Json, TreeEnsemble Trees) Fit(
        float[][] rows, bool[] right, int rounds, int depth, int seed, CancellationToken cancellation)
    {
        float[] labels = [.. right.Select(value => value ? 1f : 0f)];
        try
        {
            using var matrix = DMatrix.Of([.. rows.SelectMany(row => row)], rows[0].Length, labels);
            using var booster = Booster.Train(matrix, Parameters(labels.Average(), depth, seed), rounds, cancellation);
            var json = booster.SaveJson();
            return (json, TreeEnsemble.Parse(json, "The fitted model"));
        }
        catch (DllNotFoundException exception)
        {
            throw new PredictorException("XGBoost's library, which training needs, is missing: install Debian's libxgboost0.", exception);
        }
    }

    private static Dictionary<string, string> Parameters(float share, int depth, int seed) => new()
    {
        ["objective"] = "binary:logistic",
        ["base_score"] = Math.Clamp(share, 0.01f, 0.99f).ToString(CultureInfo.InvariantCulture),
        ["tree_method"] = "hist",
        ["max_depth"] = depth.ToString(CultureInfo.InvariantCulture),
        ["eta"] = "0.1",
        ["subsample"] = "0.8",
        ["colsample_bytree"] = "0.6",
        ["min_child_weight"] = "4",
        ["lambda"] = "2",
        ["seed"] = seed.ToString(CultureInfo.InvariantCulture),
        ["nthread"] = "1",                                                    // sampling is reproducible on one thread only
        ["verbosity"] = "0",
    };
}
