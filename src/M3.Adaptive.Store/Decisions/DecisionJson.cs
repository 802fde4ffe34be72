using System.Text.Json.Serialization;
using M3.Adaptive.Core;

namespace M3.Adaptive.Store.Decisions;

/// <summary>Decisions as JSON: one a line in exported files. Missing features are NaN, which plain JSON lacks.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(DecisionRecord))]
[JsonSerializable(typeof(IReadOnlyList<StepRecord>))]
[JsonSerializable(typeof(ShadowRecord))]
internal sealed partial class DecisionJson : JsonSerializerContext;
