using M3.Adaptive.Core;
using M3.Adaptive.Predictor.Features;
using M3.Adaptive.Training.OracleLabelling;
using M3.Adaptive.Training.PredictorTraining;
using M3.Adaptive.Training.Retraining.Evidence;
using M3.Adaptive.Training.Retraining.Gating;

namespace M3.Adaptive.Training.Retraining;

/// <summary>Full information, cut by picture: half to fit heads, a quarter to calibrate, a quarter to judge. The same picture falls into the same part in every retraining.</summary>
/// <param name="Routing">With the labels at home.</param>
/// <param name="Calibration">With the labels at home.</param>
/// <param name="Judged">Nothing is fitted to these.</param>
internal sealed record EvidenceParts(LabelTable Routing, LabelTable Calibration, IReadOnlyList<JudgedSet> Judged)
{
    private const uint Parts = 4;

    public static EvidenceParts Of(ModelIdentity model, HomeLabels? home, IReadOnlyList<AuditedItem> audited)
    {
        AuditedItem[] Part(Func<uint, bool> isIn) => [.. audited.Where(item => isIn(StableHash.Of($"part/{item.Item.Image}") % Parts))];

        var (fit, calibrate, judge) = (Part(part => part < 2), Part(part => part == 2), Part(part => part == 3));
        List<JudgedSet> sets = [];
        if (home is not null) sets.Add(JudgedSet.Of("labels", PicturesAside.Aside(home.Calibration)));
        if (judge is not [] || home is null) sets.Add(new JudgedSet("traffic", EvidenceSet.Table("traffic", model, judge), [.. judge.Select(item => item.Tenant)]));
        return new EvidenceParts(
            Joined(EvidenceSet.Table("routing", model, fit), home?.Routing), Joined(EvidenceSet.Table("calibration", model, calibrate), home?.Calibration), sets);
    }

    // Pictures of the traffic are named by their hashes, those at home by their files.
    private static LabelTable Joined(LabelTable traffic, LabelTable? home)
    {
        if (home is null) return traffic;
        var images = home.ImageFeatures.ToDictionary();
        foreach (var (image, features) in traffic.ImageFeatures) images[image] = features;
        return new LabelTable(home.Header, images, [.. home.Items, .. traffic.Items]);
    }
}
