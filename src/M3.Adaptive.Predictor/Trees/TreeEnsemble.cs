using System.Globalization;
using System.Text.Json;

namespace M3.Adaptive.Predictor.Trees;

/// <summary>
/// Evaluates the trees of one XGBoost binary:logistic model. It gives the same numbers as the library, without the library's cost per
/// call and without needing it at run time. Immutable and safe for concurrent use.
/// </summary>
public sealed class TreeEnsemble
{
    private static readonly JsonSerializerOptions Json = new() { RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true };

    private readonly Node[] _nodes;
    private readonly int[] _roots;
    private readonly float _baseMargin;

    private TreeEnsemble(Node[] nodes, int[] roots, float baseMargin, int featureCount)
    {
        (_nodes, _roots, _baseMargin, FeatureCount) = (nodes, roots, baseMargin, featureCount);
    }

    public int FeatureCount { get; }

    /// <exception cref="PredictorException">The file is no binary:logistic tree model, or its nodes do not form trees over these features.</exception>
    public static TreeEnsemble Parse(ReadOnlySpan<byte> json, string file)
    {
        TreeModel model;
        try
        {
            model = JsonSerializer.Deserialize<TreeModel>(json, Json) ?? throw new JsonException("it is null");
        }
        catch (JsonException exception)
        {
            throw new PredictorException($"{file} is no XGBoost JSON model: {exception.Message}", exception);
        }

        if (model.Learner.Objective.Name != "binary:logistic" || model.Learner.Booster.Name != "gbtree")
            throw new PredictorException($"{file} is a {model.Learner.Booster.Name} model for {model.Learner.Objective.Name}; expected gbtree for binary:logistic.");
        var features = Number<int>(model.Learner.Model.FeatureCount, file, "num_feature");
        var prior = Number<float>(model.Learner.Model.BaseScore, file, "base_score");
        if (prior is not (> 0 and < 1)) throw new PredictorException($"{file} has base_score {prior}; expected a probability between 0 and 1.");

        List<Node> nodes = [];
        List<int> roots = [];
        foreach (var tree in model.Learner.Booster.Model.Trees)
        {
            roots.Add(nodes.Count);
            nodes.AddRange(NodesOf(tree, nodes.Count, features, $"{file}, tree {roots.Count - 1}"));
        }

        return new TreeEnsemble([.. nodes], [.. roots], -MathF.Log(1 / prior - 1), features);
    }

    /// <summary>Probability for one row; NaN is a missing value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The row has another number of features than the model.</exception>
    public float Predict(ReadOnlySpan<float> row)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(row.Length, FeatureCount);
        var margin = _baseMargin;
        foreach (var root in _roots)
        {
            ref readonly var node = ref _nodes[root];
            while (node.Feature >= 0)
            {
                var value = row[node.Feature];
                node = ref _nodes[value < node.Condition || (float.IsNaN(value) && node.DefaultLeft) ? node.Left : node.Right];
            }

            margin += node.Condition;
        }

        return 1 / (1 + MathF.Exp(-margin));
    }

    private static IEnumerable<Node> NodesOf(TreeModel.TreePart tree, int offset, int features, string where)
    {
        var count = tree.Left.Length;
        if (count == 0 || tree.Right.Length != count || tree.Feature.Length != count || tree.Condition.Length != count || tree.DefaultLeft.Length != count)
            throw new PredictorException($"{where}: its arrays have different lengths.");
        if (tree.SplitType?.Any(type => type != 0) is true) throw new PredictorException($"{where}: categorical splits are not used here.");

        for (var i = 0; i < count; i++)
        {
            if (tree.Left[i] == -1)
            {
                yield return new Node(-1, tree.Condition[i], 0, 0, false);
                continue;
            }

            // Children come after their parent in XGBoost's files; insisting on it also rules out cycles.
            if (tree.Left[i] <= i || tree.Left[i] >= count || tree.Right[i] <= i || tree.Right[i] >= count)
                throw new PredictorException($"{where}, node {i}: child {tree.Left[i]} or {tree.Right[i]} is not among {i + 1} to {count - 1}.");
            if (tree.Feature[i] < 0 || tree.Feature[i] >= features)
                throw new PredictorException($"{where}, node {i}: feature {tree.Feature[i]} is not below {features}.");
            yield return new Node(tree.Feature[i], tree.Condition[i], offset + tree.Left[i], offset + tree.Right[i], tree.DefaultLeft[i] != 0);
        }
    }

    private static T Number<T>(string text, string file, string name)
        where T : IParsable<T> => T.TryParse(text, CultureInfo.InvariantCulture, out var value)
        ? value
        : throw new PredictorException($"{file}: {name} is '{text}'; expected a number.");

    /// <param name="Feature">-1 in a leaf, whose <paramref name="Condition"/> is its value.</param>
    private readonly record struct Node(int Feature, float Condition, int Left, int Right, bool DefaultLeft);
}
