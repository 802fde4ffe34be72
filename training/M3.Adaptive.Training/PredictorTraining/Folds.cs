using M3.Adaptive.Predictor.Features;
using M3.Adaptive.Training.OracleLabelling;

namespace M3.Adaptive.Training.PredictorTraining;

/// <summary>Indices of a table's items: those to fit on and those to judge.</summary>
internal sealed record Fold(int[] Inside, int[] Outside);

/// <summary>Cuts a table into parts by image, so that no fit has seen a picture that it is judged on.</summary>
internal static class Folds
{
    public static Fold[] Of(LabelTable table, int count)
    {
        var images = table.Items.Select(item => item.Image).Distinct().OrderBy(StableHash.Of).Index().ToDictionary(pair => pair.Item, pair => pair.Index % count);
        int[] foldOf = [.. table.Items.Select(item => images[item.Image])];
        return
        [
            .. Enumerable.Range(0, Math.Min(count, images.Count)).Select(fold => new Fold(
                [.. Enumerable.Range(0, foldOf.Length).Where(i => foldOf[i] != fold)], [.. Enumerable.Range(0, foldOf.Length).Where(i => foldOf[i] == fold)])),
        ];
    }
}
