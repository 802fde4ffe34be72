using M3.Adaptive.Core;
using M3.Adaptive.Predictor.Features;
using M3.Adaptive.Predictor.Heads;
using M3.Adaptive.Training.OracleLabelling;

namespace M3.Adaptive.Training.PredictorTraining;

/// <summary>A label table as the heads see it.</summary>
internal sealed class HeadRows
{
    private readonly LabelTable _table;
    private readonly float[][] _features;

    public HeadRows(LabelTable table) => (_table, _features) = (table, [.. table.Items.Select(table.FeaturesOf)]);

    public IEnumerable<int> All => Enumerable.Range(0, _features.Length);

    public bool[] Right(VisualScale at) => [.. _table.Items.Select(item => item.Outcomes[at.Rung].Right)];

    /// <summary>One row an item, the answer whole.</summary>
    public float[] Of(HeadName head, int item) => Row(head, item, firstTokenOnly: false);

    /// <summary>What a head is fitted to: behind a run, each answer whole and as it is known after its first token.</summary>
    public (float[][] Rows, bool[] Right) ToFit(HeadName head, IReadOnlyList<int> items)
    {
        bool[] right = [.. items.Select(i => _table.Items[i].Outcomes[head.At.Rung].Right)];
        float[][] rows = [.. items.Select(i => Of(head, i))];
        if (head.After is null) return (rows, right);
        return ([.. rows, .. items.Select(i => Row(head, i, firstTokenOnly: true))], [.. right, .. right]);
    }

    private float[] Row(HeadName head, int item, bool firstTokenOnly)
    {
        if (head.After is not { } after) return HeadFeatures.Prior(_features[item]);
        var outcome = _table.Items[item].Outcomes[after.Rung];
        return HeadFeatures.After(_features[item], firstTokenOnly ? outcome.Evidence.FirstTokenOnly() : outcome.Evidence, outcome.Answer);
    }
}
