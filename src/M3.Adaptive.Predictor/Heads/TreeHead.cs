using Microsoft.ML.Trainers.FastTree;

namespace M3.Adaptive.Predictor.Heads;

/// <summary>
/// The trees of one Microsoft.ML model in flat arrays: what <c>PredictionEngine</c> computes in 8 microseconds, thread by thread, in
/// one, without allocating. Immutable and safe for concurrent use.
/// </summary>
/// <remarks>A child that is not negative is a node, the complement of a negative one a leaf, as in the library's own arrays.</remarks>
public sealed class TreeHead
{
    private readonly Node[] _nodes;
    private readonly double[] _leaves;
    private readonly int[] _roots;
    private readonly double _bias;

    private TreeHead(Node[] nodes, double[] leaves, int[] roots, double bias) => (_nodes, _leaves, _roots, _bias) = (nodes, leaves, roots, bias);

    /// <summary>Largest index of a feature that is looked at; -1 when none is.</summary>
    public int LastFeature => _nodes.Length == 0 ? -1 : _nodes.Max(node => node.Feature);

    public static TreeHead Of(RegressionTreeEnsemble ensemble)
    {
        List<Node> nodes = [];
        List<double> leaves = [];
        List<int> roots = [];
        foreach (var (tree, weight) in ensemble.Trees.Zip(ensemble.TreeWeights))
        {
            var (firstNode, firstLeaf) = (nodes.Count, leaves.Count);
            int Place(int child) => child >= 0 ? firstNode + child : ~(firstLeaf + ~child);

            roots.Add(tree.LeftChild.Count == 0 ? ~firstLeaf : firstNode);    // a tree may be a single leaf
            for (var i = 0; i < tree.LeftChild.Count; i++)
            {
                nodes.Add(new Node(
                    tree.NumericalSplitFeatureIndexes[i], tree.NumericalSplitThresholds[i], Place(tree.LeftChild[i]), Place(tree.RightChild[i])));
            }

            leaves.AddRange(tree.LeafValues.Select(value => weight * value));
        }

        return new TreeHead([.. nodes], [.. leaves], [.. roots], ensemble.Bias);
    }

    /// <summary>Sum of the leaves that a row falls into: the larger, the likelier.</summary>
    public double Score(ReadOnlySpan<float> row)
    {
        var score = _bias;
        foreach (var root in _roots)
        {
            var at = root;
            while (at >= 0)
            {
                ref readonly var node = ref _nodes[at];
                at = row[node.Feature] <= node.Threshold ? node.Left : node.Right;
            }

            score += _leaves[~at];
        }

        return score;
    }

    private readonly record struct Node(int Feature, float Threshold, int Left, int Right);
}
