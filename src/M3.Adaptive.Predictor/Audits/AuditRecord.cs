using System.Text.Json.Serialization;
using M3.Adaptive.Predictor.Features;

namespace M3.Adaptive.Predictor.Audits;

/// <summary>
/// A served question answered again at every scale: what a predictor can be retrained on once it is known which answers are right. Of the picture it holds
/// features alone; question and answers are texts, as the measure of unfamiliarity is fitted to their words.
/// </summary>
public sealed record AuditRecord
{
    /// <summary>The decision that was audited: what clients say of it labels the audit.</summary>
    public required Guid DecisionId { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string Tenant { get; init; }

    /// <summary>Of the model that answered.</summary>
    public required string ModelHash { get; init; }

    /// <summary>Version of the picture's features.</summary>
    public required int FeatureVersion { get; init; }

    /// <summary>The picture's hash: questions about one picture belong together.</summary>
    public required string Image { get; init; }

    /// <summary>As <see cref="PredictorFeatures.OfImage"/> gives it, as <see cref="HalfPrecision.Encode"/> writes it.</summary>
    public required string Picture { get; init; }

    public required string Question { get; init; }

    /// <summary>Visual tokens of the answer that was given.</summary>
    public required int Served { get; init; }

    /// <summary>One a rung, coarsest first.</summary>
    public required IReadOnlyList<AuditedAnswer> Answers { get; init; }
}

/// <summary>One scale's answer.</summary>
/// <param name="Evidence">As <see cref="AnswerEvidence.Encode"/> gives it.</param>
public sealed record AuditedAnswer(string Text, double Flops, double Seconds, string Evidence);

/// <summary>One object a line.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(AuditRecord))]
internal sealed partial class AuditJson : JsonSerializerContext;
