using M3.Adaptive.Predictor.Features;
using M3.Adaptive.Training.OracleLabelling;

namespace M3.Adaptive.Training.PredictorTraining;

/// <summary>Parts calibration labels by picture: a third is fitted to by nothing and checks what the others promise.</summary>
public static class PicturesAside
{
    private const int EveryHowManyth = 3;

    /// <summary>Whether a picture is kept aside: the same one in every training.</summary>
    public static bool IsAside(string image) => StableHash.Of(image) % EveryHowManyth == 0;

    public static LabelTable Aside(LabelTable table) => table with { Items = [.. table.Items.Where(item => IsAside(item.Image))] };

    public static LabelTable Others(LabelTable table) => table with { Items = [.. table.Items.Where(item => !IsAside(item.Image))] };
}
