using System.Text.Json.Serialization;
using M3.Adaptive.Core;

namespace M3.Adaptive.Store.Decisions;

/// <summary>A decision as Parquet's columns, named as in JSON. The library wants a class that it could also make.</summary>
internal sealed class DecisionColumns
{
    [JsonPropertyName("decisionId")]
    public string DecisionId { get; set; } = "";

    [JsonPropertyName("at")]
    public DateTime At { get; set; }

    [JsonPropertyName("tenant")]
    public string Tenant { get; set; } = "";

    [JsonPropertyName("requestId")]
    public string RequestId { get; set; } = "";

    [JsonPropertyName("modelVersion")]
    public string ModelVersion { get; set; } = "";

    [JsonPropertyName("predictorVersion")]
    public string PredictorVersion { get; set; } = "";

    [JsonPropertyName("featureVersion")]
    public int FeatureVersion { get; set; }

    [JsonPropertyName("imageHash")]
    public string ImageHash { get; set; } = "";

    [JsonPropertyName("features")]
    public List<float> Features { get; set; } = [];

    [JsonPropertyName("success")]
    public List<float> Success { get; set; } = [];

    [JsonPropertyName("propensity")]
    public double Propensity { get; set; }

    [JsonPropertyName("alias")]
    public string Alias { get; set; } = "";

    [JsonPropertyName("aliasPropensity")]
    public double AliasPropensity { get; set; }

    [JsonPropertyName("shadowPredictorVersion")]
    public string? ShadowPredictorVersion { get; set; }

    [JsonPropertyName("shadowVisualTokens")]
    public int? ShadowVisualTokens { get; set; }

    [JsonPropertyName("shadowSuccess")]
    public List<float> ShadowSuccess { get; set; } = [];

    [JsonPropertyName("path")]
    public List<StepColumns> Path { get; set; } = [];

    [JsonPropertyName("visualTokens")]
    public long VisualTokens { get; set; }

    [JsonPropertyName("flops")]
    public double Flops { get; set; }

    [JsonPropertyName("seconds")]
    public double Seconds { get; set; }

    [JsonPropertyName("unfamiliar")]
    public bool Unfamiliar { get; set; }

    [JsonPropertyName("outcomes")]
    public List<OutcomeColumns> Outcomes { get; set; } = [];

    public static DecisionColumns Of(DecisionRecord decision) => new()
    {
        DecisionId = $"{decision.DecisionId}",
        At = decision.At.UtcDateTime,
        Tenant = decision.Tenant,
        RequestId = decision.RequestId,
        ModelVersion = decision.ModelVersion,
        PredictorVersion = decision.PredictorVersion,
        FeatureVersion = decision.FeatureVersion,
        ImageHash = decision.ImageHash,
        Features = [.. decision.Features],
        Success = [.. decision.Success],
        Propensity = decision.Propensity,
        Alias = $"{decision.Alias}",
        AliasPropensity = decision.AliasPropensity,
        ShadowPredictorVersion = decision.Shadow?.PredictorVersion,
        ShadowVisualTokens = decision.Shadow?.VisualTokens,
        ShadowSuccess = [.. decision.Shadow?.Success ?? []],
        Path = [.. decision.Path.Select(StepColumns.Of)],
        VisualTokens = decision.Charged.VisualTokens,
        Flops = decision.Charged.Flops,
        Seconds = decision.Charged.Seconds,
        Unfamiliar = decision.Unfamiliar,
        Outcomes = [.. decision.Outcomes.Select(OutcomeColumns.Of)],
    };
}

/// <summary>What somebody said of the answer.</summary>
internal sealed class OutcomeColumns
{
    [JsonPropertyName("by")]
    public string By { get; set; } = "";

    [JsonPropertyName("verdict")]
    public string Verdict { get; set; } = "";

    [JsonPropertyName("reference")]
    public string? Reference { get; set; }

    public static OutcomeColumns Of(SaidOutcome said) => new() { By = said.By, Verdict = $"{said.Verdict}", Reference = said.Reference };
}

/// <summary>A scale that ran.</summary>
internal sealed class StepColumns
{
    [JsonPropertyName("visualTokens")]
    public int VisualTokens { get; set; }

    [JsonPropertyName("reason")]
    public string Reason { get; set; } = "";

    [JsonPropertyName("predictedSuccess")]
    public float? PredictedSuccess { get; set; }

    [JsonPropertyName("confidence")]
    public float? Confidence { get; set; }

    [JsonPropertyName("flops")]
    public double Flops { get; set; }

    [JsonPropertyName("seconds")]
    public double Seconds { get; set; }

    [JsonPropertyName("unfamiliar")]
    public bool Unfamiliar { get; set; }

    public static StepColumns Of(StepRecord step) => new()
    {
        VisualTokens = step.VisualTokens,
        Reason = step.Reason,
        PredictedSuccess = step.PredictedSuccess,
        Confidence = step.Confidence,
        Flops = step.Charged.Flops,
        Seconds = step.Charged.Seconds,
        Unfamiliar = step.Unfamiliar,
    };
}
