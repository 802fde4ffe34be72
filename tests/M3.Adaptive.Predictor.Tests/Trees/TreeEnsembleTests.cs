using System.Text;
using System.Text.Json.Nodes;
using M3.Adaptive.Predictor.Features;
using M3.Adaptive.Predictor.Tests.Doubles;
using M3.Adaptive.Predictor.Trees;
using Xunit;

namespace M3.Adaptive.Predictor.Tests.Trees;

public sealed class TreeEnsembleTests
{
    private static readonly byte[] Model = CommittedPredictor.Artifact.ContentOf("head-36.json");

    /// <summary>One split on the first of two features, prior one half.</summary>
    private const string OneSplit = """
        {"learner": {
          "gradient_booster": {"name": "gbtree", "model": {"trees": [{
            "left_children": [1, -1, -1], "right_children": [2, -1, -1], "split_indices": [0, 0, 0],
            "split_conditions": [0.5, -2, 1], "default_left": [1, 0, 0],
            "split_type": [0, 0, 0]}]}},
          "learner_model_param": {"base_score": "0.5", "num_feature": "2"},
          "objective": {"name": "binary:logistic"}}}
        """;

    [Theory]
    [InlineData(0.25f, -2)]
    [InlineData(0.5f, 1)]
    [InlineData(0.75f, 1)]
    [InlineData(float.NaN, -2)]
    public void Predict_OneSplit_GoesLeftBelowItAndByDefaultWhereTheValueIsMissing(float value, float margin) =>
        Assert.Equal(1 / (1 + MathF.Exp(-margin)), TreeEnsemble.Parse(Encoding.UTF8.GetBytes(OneSplit), "model").Predict([value, 9]), 1e-6f);

    [Fact]
    public void Predict_RowOfAnotherLength_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => TreeEnsemble.Parse(Model, "model").Predict(new float[5]));

    [Fact]
    public void Parse_ChildBeforeItsParent_NamesTheNode() => Refuses("node 0", tree => tree["left_children"]![0] = 0);

    [Fact]
    public void Parse_ChildBeyondTheEnd_NamesTheNode() => Refuses("node 0", tree => tree["right_children"]![0] = 1_000_000);

    [Fact]
    public void Parse_FeatureBeyondTheRow_NamesTheNode() => Refuses($"feature {PredictorFeatures.Count}", tree => tree["split_indices"]![0] = PredictorFeatures.Count);

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
        var exception = Assert.Throws<PredictorException>(() => TreeEnsemble.Parse(Encoding.UTF8.GetBytes(text), "head-9.json"));

        Assert.StartsWith("head-9.json", exception.Message);
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

        var exception = Assert.Throws<PredictorException>(() => TreeEnsemble.Parse(Encoding.UTF8.GetBytes(root.ToJsonString()), "model"));

        Assert.Contains(expected, exception.Message);
    }

    private static JsonObject Tree(JsonNode root) =>
        root["learner"]!["gradient_booster"]!["model"]!["trees"]![0]!.AsObject();
}
