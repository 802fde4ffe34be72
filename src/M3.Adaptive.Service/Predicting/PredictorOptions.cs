namespace M3.Adaptive.Service.Predicting;

/// <summary>Which predictor chooses scales.</summary>
public sealed class PredictorOptions
{
    public const string Section = "Predictor";

    /// <summary>Folder of the one predictor to serve, whatever the registry says; without it, the registry's champion, at first the one in the model's own folder. A missing or damaged one is logged as an error, and the safe scale is used.</summary>
    public string? Directory { get; set; }
}
