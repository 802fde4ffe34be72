using System.Text.Json.Serialization;

namespace M3.Adaptive.Predictor.Trees;

/// <summary>The parts of XGBoost's JSON model that prediction needs.</summary>
internal sealed record TreeModel([property: JsonPropertyName("learner")] TreeModel.LearnerPart Learner)
{
    internal sealed record LearnerPart(
        [property: JsonPropertyName("gradient_booster")] BoosterPart Booster,
        [property: JsonPropertyName("learner_model_param")] ModelPart Model,
        [property: JsonPropertyName("objective")] ObjectivePart Objective);

    internal sealed record ModelPart(
        [property: JsonPropertyName("base_score")] string BaseScore,
        [property: JsonPropertyName("num_feature")] string FeatureCount);

    internal sealed record ObjectivePart([property: JsonPropertyName("name")] string Name);

    internal sealed record BoosterPart(
        [property: JsonPropertyName("name")] string Name,
        [property: JsonPropertyName("model")] TreesPart Model);

    internal sealed record TreesPart([property: JsonPropertyName("trees")] TreePart[] Trees);

    /// <summary>Parallel arrays, one entry a node; node 0 is the root and a left child of -1 marks a leaf, whose value is its condition.</summary>
    internal sealed record TreePart(
        [property: JsonPropertyName("left_children")] int[] Left,
        [property: JsonPropertyName("right_children")] int[] Right,
        [property: JsonPropertyName("split_indices")] int[] Feature,
        [property: JsonPropertyName("split_conditions")] float[] Condition,
        [property: JsonPropertyName("default_left")] int[] DefaultLeft,
        [property: JsonPropertyName("split_type")] int[]? SplitType);
}
