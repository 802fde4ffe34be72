namespace M3.Adaptive.Service.Predicting;

/// <summary>Which predictor chooses scales.</summary>
public sealed class PredictorOptions
{
    public const string Section = "Predictor";

    /// <summary>Folder of the predictor; null is <c>predictor</c> in the model's own folder.</summary>
    public string? Directory { get; set; }
}
