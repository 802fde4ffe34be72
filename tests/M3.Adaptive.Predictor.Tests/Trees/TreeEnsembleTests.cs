using System.Text;
using System.Text.Json.Nodes;
using M3.Adaptive.Predictor.Trees;
using M3.Adaptive.Predictor.XGBoost;
using Xunit;

namespace M3.Adaptive.Predictor.Tests.Trees;

public sealed class TreeEnsembleTests
{
    private static readonly byte[] Model = Train(out _);

    [Fact]
    public void Predict_ThousandsOfRowsWithMissingValues_EqualsTheLibrary()
    {
        var json = Train(out var columns);
        var random = new Random(5);
        float[] rows = [.. Enumerable.Range(0, 3000 * columns).Select(_ => random.Next(5) == 0 ? float.NaN : random.NextSingle() * 1.2f - 0.1f)];
        using var booster = Booster.Load(json);
        using var matrix = DMatrix.Of(rows, columns);
        var expected = booster.Predict(matrix);

        var trees = TreeEnsemble.Parse(json, "model");

        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], trees.Predict(rows.AsSpan(i * columns, columns)), 1e-6f);
    }

    [Fact]
    public void Predict_ValuesExactlyOnASplit_EqualTheLibrary()
    {
        var columns = 6;
        var splits = Tree()["split_conditions"]!.AsArray().Select(value => value!.GetValue<float>()).ToArray();
        float[] rows = [.. splits.SelectMany(split => Enumerable.Repeat(split, columns))];
        using var booster = Booster.Load(Model);
        using var matrix = DMatrix.Of(rows, columns);
        var trees = TreeEnsemble.Parse(Model, "model");

        var predicted = splits.Select((_, i) => trees.Predict(rows.AsSpan(i * columns, columns))).ToArray();

        Assert.All(booster.Predict(matrix).Zip(predicted), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
    }

    [Fact]
    public void Predict_RowOfAnotherLength_IsRefused() =>
        Assert.Throws<ArgumentException>(() => TreeEnsemble.Parse(Model, "model").Predict(new float[5]));

    [Fact]
    public void Parse_ChildBeforeItsParent_NamesTheNode() => Refuses("node 0", tree => tree["left_children"]![0] = 0);

    [Fact]
    public void Parse_ChildBeyondTheEnd_NamesTheNode() => Refuses("node 0", tree => tree["right_children"]![0] = 1_000_000);

    [Fact]
    public void Parse_FeatureBeyondTheRow_NamesTheNode() => Refuses("feature 6", tree => tree["split_indices"]![0] = 6);

    [Fact]
    public void Parse_ArraysOfDifferentLength_Refuses() => Refuses("different lengths", tree => tree["default_left"]!.AsArray().RemoveAt(0));

    [Fact]
    public void Parse_AnotherObjective_Refuses() =>
        Refuses("binary:logistic", _ => { }, root => root["learner"]!["objective"]!["name"] = "reg:squarederror");

    [Fact]
    public void Parse_NoTrees_Refuses() =>
        Refuses("no XGBoost JSON model", _ => { }, root => root["learner"]!["gradient_booster"]!.AsObject().Remove("model"));

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("null")]
    [InlineData("{}")]
    public void Parse_Garbage_Refuses(string text)
    {
        var fault = Assert.Throws<PredictorException>(() => TreeEnsemble.Parse(Encoding.UTF8.GetBytes(text), "head-9.json"));

        Assert.StartsWith("head-9.json", fault.Message);
    }

    [Fact]
    public void Parse_CutAnywhere_Refuses()
    {
        for (var length = 0; length < Model.Length - 1; length += 997)
            Assert.Throws<PredictorException>(() => TreeEnsemble.Parse(Model.AsSpan(0, length), "cut"));
    }

    private static void Refuses(string expected, Action<JsonObject> damageTree, Action<JsonNode>? damage = null)
    {
        var root = JsonNode.Parse(Model)!;                                    // our own model: never null
        damageTree(Tree(root));
        damage?.Invoke(root);

        var fault = Assert.Throws<PredictorException>(() => TreeEnsemble.Parse(Encoding.UTF8.GetBytes(root.ToJsonString()), "model"));

        Assert.Contains(expected, fault.Message);
    }

    private static JsonObject Tree(JsonNode? root = null) =>
        (root ?? JsonNode.Parse(Model))!["learner"]!["gradient_booster"]!["model"]!["trees"]![0]!.AsObject();

    private static byte[] Train(out int columns)
    {
        columns = 6;
        var random = new Random(4);
        var width = columns;
        float[] rows = [.. Enumerable.Range(0, 500 * columns).Select(_ => random.Next(8) == 0 ? float.NaN : random.NextSingle())];
        float[] labels = [.. Enumerable.Range(0, 500).Select(i => rows[i * width] + rows[i * width + 1] * random.NextSingle() > 0.7f ? 1f : 0f)];
        using var matrix = DMatrix.Of(rows, columns, labels);
        using var booster = Booster.Train(
            matrix,
            new Dictionary<string, string> { ["objective"] = "binary:logistic", ["max_depth"] = "5", ["base_score"] = "0.3", ["nthread"] = "1", ["verbosity"] = "0" },
            rounds: 40);
        return booster.SaveJson();
    }
}
