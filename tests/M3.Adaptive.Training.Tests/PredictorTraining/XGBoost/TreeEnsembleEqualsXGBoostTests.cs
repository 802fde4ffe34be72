using System.Text.Json.Nodes;
using M3.Adaptive.Predictor.Trees;
using M3.Adaptive.Training.PredictorTraining.XGBoost;
using Xunit;

namespace M3.Adaptive.Training.Tests.PredictorTraining.XGBoost;

/// <summary>The product's own evaluator against the library that fitted the trees.</summary>
public sealed class TreeEnsembleEqualsXGBoostTests
{
    private const int Columns = 6;

    private static readonly byte[] Model = Train();

    [Fact]
    public void Predict_ThousandsOfRowsWithMissingValues_EqualsTheLibrary()
    {
        var random = new Random(5);
        EqualsTheLibrary([.. Enumerable.Range(0, 3000 * Columns).Select(_ => random.Next(5) == 0 ? float.NaN : random.NextSingle() * 1.2f - 0.1f)]);
    }

    [Fact]
    public void Predict_ValuesExactlyOnASplit_EqualTheLibrary()
    {
        var tree = JsonNode.Parse(Model)!["learner"]!["gradient_booster"]!["model"]!["trees"]![0]!;                // our own model: never null
        EqualsTheLibrary([.. tree["split_conditions"]!.AsArray().SelectMany(split => Enumerable.Repeat(split!.GetValue<float>(), Columns))]);
    }

    private static void EqualsTheLibrary(float[] rows)
    {
        using var booster = Booster.Load(Model);
        using var matrix = DMatrix.Of(rows, Columns);
        var trees = TreeEnsemble.Parse(Model, "model");

        var predicted = rows.Chunk(Columns).Select(row => trees.Predict(row));

        Assert.All(booster.Predict(matrix).Zip(predicted), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
    }

    private static byte[] Train()
    {
        var random = new Random(4);
        float[] rows = [.. Enumerable.Range(0, 500 * Columns).Select(_ => random.Next(8) == 0 ? float.NaN : random.NextSingle())];
        float[] labels = [.. rows.Chunk(Columns).Select(row => row[0] + row[1] * random.NextSingle() > 0.7f ? 1f : 0f)];
        using var matrix = DMatrix.Of(rows, Columns, labels);
        using var booster = Booster.Train(
            matrix,
            new Dictionary<string, string> { ["objective"] = "binary:logistic", ["max_depth"] = "5", ["base_score"] = "0.3", ["nthread"] = "1", ["verbosity"] = "0" },
            rounds: 40);
        return booster.SaveJson();
    }
}
