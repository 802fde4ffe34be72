using System.Numerics;
using M3.Adaptive.Core;
using M3.Adaptive.Training.OracleLabelling;

namespace M3.Adaptive.Training.Evaluation.Router.Baselines;

/// <summary>
/// Success at each scale as the share of right answers among the 50 labelled items whose features are nearest: each feature in units of its own
/// spread, plain Euclidean distance.
/// </summary>
internal sealed class NearestItems
{
    private const int Neighbours = 50;

    private readonly float[][] _rows;                                         // standardised, padded to whole vectors
    private readonly float[] _means, _scales;
    private readonly LabelTable _known;

    public NearestItems(LabelTable known)
    {
        _known = known;
        float[][] features = [.. known.Items.Select(known.FeaturesOf)];
        _means = [.. Enumerable.Range(0, features[0].Length).Select(f => features.Average(row => row[f]))];
        _scales = [.. _means.Select((mean, f) => MathF.Sqrt(features.Average(row => (row[f] - mean) * (row[f] - mean))) is var spread and > 1e-6f ? 1 / spread : 0)];
        _rows = [.. features.Select(Standardised)];
    }

    /// <summary>By item of another table, then rung.</summary>
    public float[][] SuccessOn(LabelTable table)
    {
        var success = new float[table.Items.Count][];
        Parallel.For(0, success.Length, i => success[i] = Success(Standardised(table.FeaturesOf(table.Items[i]))));
        return success;
    }

    private float[] Success(float[] row)
    {
        var nearest = new PriorityQueue<int, float>(Neighbours + 1);              // the farthest of the kept ones leaves first
        for (var known = 0; known < _rows.Length; known++)
        {
            var distance = Distance(row, _rows[known]);
            if (nearest.Count < Neighbours) nearest.Enqueue(known, -distance);
            else nearest.EnqueueDequeue(known, -distance);
        }

        return [.. VisualScale.All.Select(scale => nearest.UnorderedItems.Average(known => _known.Items[known.Element].Outcomes[scale.Rung].Right ? 1f : 0f))];
    }

    private static float Distance(float[] left, float[] right)
    {
        var sum = Vector<float>.Zero;
        for (var i = 0; i < left.Length; i += Vector<float>.Count)
        {
            var difference = new Vector<float>(left, i) - new Vector<float>(right, i);
            sum += difference * difference;
        }

        return Vector.Sum(sum);
    }

    private float[] Standardised(float[] features)
    {
        var row = new float[(features.Length + Vector<float>.Count - 1) / Vector<float>.Count * Vector<float>.Count];
        for (var f = 0; f < features.Length; f++) row[f] = (features[f] - _means[f]) * _scales[f];
        return row;
    }
}
